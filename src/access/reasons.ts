/**
 * Every reason Sallyport refuses for, with the status it answers. The codes are stable: they travel in the
 * `Sallyport-Reason` header, in explanations and in the audit trail, and stand in docs/errors.md.
 */
export const reasons = {
  'auth.missing': 401,
  'auth.malformed': 401,
  'auth.invalid': 401,
  'auth.expired': 401,
  'auth.revoked': 401,
  'auth.wrong_type': 401,
  'auth.wrong_tenant': 401,
  'client.disabled': 401,
  'owner.disabled': 401,
  'network.denied': 403,
  'tenant.suspended': 403,
  'rate.limited': 429,
  'operation.unknown': 404,
  'operation.method_not_allowed': 405,
  'operation.ambiguous': 400,
  'operation.unusable': 403,
  'header.experimental_required': 400,
  'context.user_required': 403,
  'context.application_required': 403,
  'scope.missing': 403,
  'scope.beyond_level': 403,
  'scope.beyond_token': 403,
  'level.missing': 403,
  'resource.denied': 403,
  'request.refused': 400,
  'host.unknown': 404,
  'state.stale': 503,
  'upstream.unavailable': 502,
  'upstream.timeout': 504,
} as const satisfies Record<string, number>

/** A stable word for why something is refused. */
export type ReasonCode = keyof typeof reasons
