import { DomainError } from '../../errors.ts'

/** A refusal that names the document, the place in it (a JSON pointer or a line), and what is wrong there. */
export function invalidDocument(name: string, place: string, problem: string, cause?: unknown): DomainError {
  return new DomainError('invalid', [name, place, problem].filter((part) => part !== '').join(': '), { cause })
}

/** The line of a place in a text, as editors count it. */
export function lineAt(text: string, offset: number): string {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return `line ${line}`
}
