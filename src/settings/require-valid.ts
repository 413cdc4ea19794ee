import type { TSchema } from 'typebox'
import { Errors } from 'typebox/value'
import { DomainError } from '../errors.ts'

/** @throws DomainError `illegal_value` that names the first member which its schema does not allow. */
export function requireValid(schema: TSchema, value: unknown): void {
  const [error] = Errors(schema, value)
  if (!error) return
  const place = error.instancePath.slice(1).replaceAll('/', '.')
  throw new DomainError('illegal_value', `${place === '' ? 'The value' : place} ${error.message}.`)
}
