import { Check } from 'typebox/value'
import { excerpt } from '../config/printable.ts'
import { OperatorError } from '../errors.ts'
import { type LineOf, type Path, pathText } from './lines.ts'
import { parsePlainDocument } from './plain-document.ts'
import { brokenRules } from './rules.ts'
import { TenantFile } from './schema.ts'
import { type Mistake, mistakesOf } from './shape.ts'

const MAX_PROBLEMS = 100
const MAX_PLACED = 1000 // finding a line takes time

/** A tenant file that is right in itself, with the means to say where something in it stands. */
export interface ParsedTenantFile {
  readonly fileName: string
  readonly contents: TenantFile
  readonly lineOf: LineOf
}

/**
 * Reads a tenant file (YAML or JSON). Nothing is filled in and no secret looked up.
 *
 * @throws OperatorError with every mistake and its line: `acme.yaml:12: identities[0].userLevels: must be ...`.
 */
export function readTenantFile(text: string, fileName: string): TenantFile {
  return parseTenantFile(text, fileName).contents
}

/**
 * The same, with the lines kept for messages about what the file refers to.
 *
 * @throws OperatorError as `readTenantFile` does.
 */
export function parseTenantFile(text: string, fileName: string): ParsedTenantFile {
  const { contents, lineOf, problems } = parsePlainDocument(text)
  if (problems.length > 0) {
    throw new OperatorError(problems.map(({ line, message }) => `${excerpt(fileName)}:${line}: ${message}`))
  }
  const mistakes = [...mistakesOf(TenantFile, contents), ...brokenRules(contents)]
  if (mistakes.length > 0) throw mistakesError(fileName, lineOf, mistakes)
  if (!Check(TenantFile, contents)) throw new TypeError('The tenant file passed its checks but not its schema.')
  return { fileName, contents, lineOf }
}

/** One error for many mistakes, each with its file and line, in the order of the lines. */
export function mistakesError(fileName: string, lineOf: LineOf, mistakes: readonly Mistake[]): OperatorError {
  const lines = mistakes
    .slice(0, MAX_PLACED)
    .map(({ path, message }) => ({ line: lineOf(path), text: placedText(path, message) }))
    .sort((left, right) => left.line - right.line)
    .slice(0, MAX_PROBLEMS)
    .map(({ line, text }) => `${excerpt(fileName)}:${line}: ${text}`)
  const rest = mistakes.length - lines.length
  return new OperatorError(rest > 0 ? [...lines, `and ${rest} more mistakes`] : lines)
}

function placedText(path: Path, message: string): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`
}
