import { CST, type Document, isAlias, isMap, isScalar, Lexer, parseDocument, visit, type YAMLMap } from 'yaml'
import { DomainError } from '../../errors.ts'
import { quoted } from './import-note.ts'
import { invalidDocument, lineAt } from './invalid-document.ts'
import { weigh } from './weigh.ts'

const MAX_CHARACTERS = 16 * 1024 * 1024
const MAX_TOKENS = 1_000_000
const MAX_ALIASES = 5000
const MAX_DEPTH = 200
const MAX_WEIGHT = 32 * 1024 * 1024

/** What the lexer adds to the text, to say what comes next. */
const controlTokens: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR])

/**
 * Parses YAML 1.2 whose keys are text and unique in their map. Aliases share what they stand for.
 *
 * @throws DomainError `invalid` when it is not such YAML, or larger than a real document is, aliases written out.
 */
export function parseYaml(text: string, name: string): unknown {
  checkTokens(text, name)
  const value = convert(text, name)
  if (weigh(value, { maxDepth: MAX_DEPTH, maxWeight: MAX_WEIGHT }) === Infinity) {
    throw invalidDocument(name, '', 'nests too deeply or is too large with its aliases written out; use $ref instead')
  }
  return value
}

/** The parser takes up to a kilobyte for each token, and longer for brackets that do not match, so they come first. */
function checkTokens(text: string, name: string): void {
  if (text.length > MAX_CHARACTERS) throw tooLarge(name)
  let tokens = 0
  let depth = 0
  let offset = 0
  for (const token of new Lexer().lex(text)) {
    tokens++
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (tokens > MAX_TOKENS) throw tooLarge(name)
    if (depth < 0) throw invalidDocument(name, lineAt(text, offset), 'closes a bracket that was never opened')
    if (depth > MAX_DEPTH) throw invalidDocument(name, lineAt(text, offset), `nests deeper than ${MAX_DEPTH} levels`)
    if (!controlTokens.has(token)) offset += token.length
  }
}

function tooLarge(name: string): Error {
  return invalidDocument(name, '', 'is too large for YAML; convert it to JSON')
}

function convert(text: string, name: string): unknown {
  try {
    // uniqueKeys compares each key with all before it, and a pretty error quotes its line: both are quadratic.
    const document = parseDocument(text, {
      uniqueKeys: false,
      stringKeys: true,
      prettyErrors: false,
      logLevel: 'error',
    })
    checkSyntax(document, text, name)
    checkNodes(document, text, name)
    // The library's own limit walks the document once for each alias; weighing the outcome is linear.
    return document.toJS({ maxAliasCount: -1 })
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw invalidDocument(name, '', 'cannot be read: it nests too deeply, or an alias stands before its anchor', error)
  }
}

function checkSyntax(document: Document.Parsed, text: string, name: string): void {
  const [error] = document.errors
  if (error === undefined) return
  throw invalidDocument(name, lineAt(text, error.pos[0]), describeSyntaxError(error.code, error.message), error)
}

function describeSyntaxError(code: string, message: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'nests too deeply'
  if (code === 'MULTIPLE_DOCS') return 'starts a second YAML document; keep one in a file'
  return `is not valid YAML: ${message}`
}

function checkNodes(document: Document.Parsed, text: string, name: string): void {
  let aliases = 0
  let anchors = 0
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) aliases++
      else if (node.anchor !== undefined) anchors++
      const problem = isMap(node) ? problemWithKeys(node) : undefined
      if (problem) throw invalidDocument(name, lineAt(text, problem.offset), problem.message)
    },
  })
  // Resolving an alias looks at every anchor.
  if (Math.max(aliases, anchors) > MAX_ALIASES) {
    throw invalidDocument(
      name,
      '',
      `holds more than ${MAX_ALIASES} anchors or aliases; use $ref, or convert it to JSON`,
    )
  }
}

function problemWithKeys(map: YAMLMap): { offset: number; message: string } | undefined {
  const seen = new Set<unknown>()
  for (const { key } of map.items) {
    if (!isScalar(key)) continue
    const offset = key.range?.[0] ?? 0
    if (key.value === '<<' && key.type === 'PLAIN') {
      return { offset, message: 'merge keys (<<) are no part of YAML 1.2; write the members out' }
    }
    if (seen.has(key.value))
      return { offset, message: `the key ${quoted(String(key.value))} stands here a second time` }
    seen.add(key.value)
  }
  return undefined
}
