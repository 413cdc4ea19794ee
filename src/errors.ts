/**
 * Why an operation was refused, in terms of the domain. The http/ renderers alone know status codes. `resource_denied`:
 * the caller may call the operation, but not on this object; `beyond_token`: it would pass on more than its token holds.
 */
export type DomainErrorCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'resource_denied'
  | 'beyond_token'
  | 'not_found'
  | 'conflict'
  | 'in_use'
  | 'invalid'
  | 'illegal_update'
  | 'illegal_value'
  | 'required_missing'
  | 'reference_not_found'
  | 'limit_exceeded'
  | 'unavailable'

/** A refusal the caller caused. `message` is shown to the caller; put anything private in `cause`. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: DomainErrorCode

  constructor(code: DomainErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * One or more mistakes of the operator (settings, data directory, tenant file), told in plain words, all at once.
 * The command line prints each problem on a line of its own and no stack.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  readonly problems: readonly string[]

  constructor(problems: string | readonly string[], options?: ErrorOptions) {
    const list = typeof problems === 'string' ? [problems] : problems
    super(list.join('\n'), options)
    this.problems = list
  }
}
