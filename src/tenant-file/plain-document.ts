import { type Document, isMap, isScalar, LineCounter, parseDocument, visit, type YAMLMap } from 'yaml'
import { excerpt } from '../config/printable.ts'
import { type LineOf, lineFinder } from './lines.ts'

const MAX_CHARACTERS = 4 * 1024 * 1024
const MAX_DEPTH = 32
const TOO_DEEP = 'is nested too deeply'
const MAX_STRUCTURE_PROBLEMS = 100
const MAX_SYNTAX_PROBLEMS = 10 // one slip makes many: the first ones are the useful ones

/** A problem with the text of a file, before its meaning is looked at. */
export interface TextProblem {
  readonly line: number
  readonly message: string
}

/** What a YAML or JSON text says, as plain values; `problems` is empty when it can be relied on. */
export interface PlainDocument {
  readonly contents: unknown
  readonly lineOf: LineOf
  readonly problems: readonly TextProblem[]
}

/**
 * Parses one YAML 1.2 document, or JSON, which is YAML. Duplicate keys, keys that are not plain text and aliases are
 * problems: aliases let a small file unfold into a huge one.
 */
export function parsePlainDocument(text: string): PlainDocument {
  if (text.length > MAX_CHARACTERS) return unusable('is larger than 4 MiB; split it into several tenants')
  const lineCounter = new LineCounter()
  const options = { prettyErrors: false, stringKeys: true, uniqueKeys: false, schema: 'core' } as const
  const document = parseDocument(text, { ...options, lineCounter })

  const lineAt = (offset: number) => lineCounter.linePos(offset).line
  const syntaxProblems = [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_PROBLEMS).map((error) => ({
    line: lineAt(error.pos[0]),
    message: syntaxMessage(error.message),
  }))
  const problems = syntaxProblems.length > 0 ? syntaxProblems : structureProblems(document, lineAt)
  const contents: unknown = problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 })
  return { contents, lineOf: lineFinder(document, lineCounter), problems }
}

function unusable(message: string): PlainDocument {
  return { contents: undefined, lineOf: () => 1, problems: [{ line: 1, message }] }
}

function syntaxMessage(message: string): string {
  if (message.includes('call stack')) return TOO_DEEP
  // The parser may quote what it stumbled over, which may be a secret.
  return `is not valid YAML: ${message.replace(/: [^]*$/, '')}`
}

function structureProblems(document: Document, lineAt: (offset: number) => number): TextProblem[] {
  const problems: TextProblem[] = []
  const report = (offset: number | undefined, message: string) => problems.push({ line: lineAt(offset ?? 0), message })
  visit(document, {
    Alias: (_, { range }) => {
      report(range?.[0], 'is an alias (*); write the value out, because aliases are not read here')
    },
    Collection: (_, collection, ancestors) => {
      const start = collection.range?.[0]
      if (ancestors.length > MAX_DEPTH) {
        report(start, TOO_DEEP)
        return visit.BREAK
      }
      const repeated = isMap(collection) ? repeatedKeys(collection) : []
      for (const { offset, label } of repeated) report(offset, `has ${label} a second time`)
      return undefined
    },
  })
  return problems.slice(0, MAX_STRUCTURE_PROBLEMS)
}

function repeatedKeys(map: YAMLMap): { offset: number | undefined; label: string }[] {
  const seen = new Set<string>()
  return map.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return []
    const name = String(key.value)
    const isRepeated = seen.has(name)
    seen.add(name)
    // A key without a value may be what followed a comma in a password.
    const hasValue = value !== null && !(isScalar(value) && value.value === null)
    return isRepeated ? [{ offset: key.range?.[0], label: hasValue ? `the key ${excerpt(name)}` : 'a key' }] : []
  })
}
