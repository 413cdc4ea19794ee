import type { Static, TSchema } from 'typebox'
import { Errors } from 'typebox/value'
import { DomainError } from '../errors.ts'

/**
 * What a patch made of a document, once it is known to have the shape that it must.
 * @throws DomainError `illegal_value` that names the first member that does not fit.
 */
export function requireShape<Schema extends TSchema>(schema: Schema, value: unknown): Static<Schema> {
  const [first] = Errors(schema, value)
  if (!first) return value as Static<Schema>
  throw new DomainError('illegal_value', `With this patch ${first.instancePath || 'the whole'} ${first.message}.`)
}
