/**
 * The code spans that a document is *about*: those that open a heading or the first cell of a table row.
 * Code spans in running text are mentions, not promises.
 */
export function documentedTerms(markdown: string): string[] {
  return proseLines(markdown).flatMap((line) => {
    const [, term] = /^(?:#{1,6} |\| *)`([^`]+)`/.exec(line) ?? []
    return term === undefined ? [] : [term]
  })
}

/** Targets of links and images that point into the repository, without their `#fragment`. */
export function localLinks(markdown: string): string[] {
  const targets = proseLines(markdown).flatMap((line) => [...line.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)])
  return targets
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(target))
}

/** The lines outside fenced blocks. */
function proseLines(markdown: string): string[] {
  const blocks = markdown.split(/^ *```.*$/m)
  return blocks.filter((_, index) => index % 2 === 0).flatMap((block) => block.split('\n'))
}

/** What is missing on either side, in words: one line per term. */
export function drift(subject: string, code: Iterable<string>, docs: Iterable<string>): string[] {
  const [inCode, inDocs] = [new Set(code), new Set(docs)]
  return [
    ...[...inCode.difference(inDocs)].map((term) => `${subject} lacks \`${term}\`, which the code has`),
    ...[...inDocs.difference(inCode)].map((term) => `${subject} names \`${term}\`, which the code does not have`),
  ]
}
