import { MAX_PARAMETERS, tooManyParameters, type VisitParameter } from './parameters.ts'
import { invalidRequest } from './refuse.ts'

const STRING_LITERAL = /"(?:[^"\\]|\\.)*"/g
const FLAT_OBJECT = /^\s*\{[\s:,]*\}\s*$/

/**
 * Reads a JSON object whose members are all strings; numbers and booleans are refused, not converted.
 *
 * JSON.parse would keep the last of two members of one name, so it only proves that the text is JSON. What remains of
 * valid JSON without its string literals shows whether it is one flat object; if so, the literals are names and values
 * by turns, repeats included. Nothing is ever an object with a key of the caller's choice.
 *
 * @throws OAuthError `invalid_request`
 */
export function readJson(text: string, visit: VisitParameter): void {
  assertJson(text)
  if (!FLAT_OBJECT.test(text.replace(STRING_LITERAL, ''))) {
    throw invalidRequest('body.malformed', 'The JSON body must be one object, and every member of it a string.')
  }
  const literals = text.match(STRING_LITERAL) ?? []
  if (literals.length > 2 * MAX_PARAMETERS) throw tooManyParameters()
  for (const [index, literal] of literals.entries()) {
    if (index % 2 === 1) visit(valueOf(literals[index - 1]), valueOf(literal))
  }
}

function assertJson(text: string): void {
  try {
    JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, and the text holds a secret.
    throw invalidRequest('body.malformed', 'The body is not valid JSON, though its Content-Type says so.')
  }
}

function valueOf(literal = '""'): string {
  return String(JSON.parse(literal))
}
