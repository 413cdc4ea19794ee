import type { FastifySchemaValidationError } from 'fastify/types/schema.js'

/** What the framework throws for a part of a request that does not fit its schema. */
export interface ValidationError extends Error {
  validation?: FastifySchemaValidationError[]
  /** `body`, `querystring`, `params` or `headers`. */
  validationContext?: string
}

const KINDS: Record<string, string> = { querystring: 'parameter', body: 'member' }

/**
 * What is wrong with a request, by name: the place, and the rule it breaks with what would do. Of a part that may have
 * several shapes it says each once: `body/until must be string or must be null`.
 */
export function validationWords(error: ValidationError): string {
  const { validation = [], validationContext = 'request' } = error
  const [first] = validation
  if (!first) return error.message
  const unknown: unknown = first.params['additionalProperty']
  if (typeof unknown === 'string')
    return `this request takes no ${KINDS[validationContext] ?? 'value'} ${placeOf(first)}${cut(unknown)}`
  if (!validation.some(({ keyword }) => keyword === 'anyOf'))
    return `${validationContext}${first.instancePath} ${ruleOf(first)}`
  const rules = validation.filter(
    ({ keyword, instancePath }) => keyword !== 'anyOf' && instancePath === first.instancePath,
  )
  return `${validationContext}${first.instancePath} ${rules.map(ruleOf).join(' or ')}`
}

const NAME_CHARACTERS_MAX = 100

/** A name of the caller's making is said back, but not at any length. */
const cut = (name: string): string =>
  name.length <= NAME_CHARACTERS_MAX ? name : `${name.slice(0, NAME_CHARACTERS_MAX)}...`

const placeOf = ({ instancePath }: FastifySchemaValidationError): string =>
  instancePath === '' ? '' : `${instancePath.slice(1)}/`

function ruleOf({ keyword, params, message = 'is wrong' }: FastifySchemaValidationError): string {
  const { allowedValues } = params
  return keyword === 'enum' && Array.isArray(allowedValues) ? `must be one of ${allowedValues.join(', ')}` : message
}
