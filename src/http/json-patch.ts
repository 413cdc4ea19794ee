import type { FastifyInstance } from 'fastify'
import { applyPatch, type Operation } from 'rfc6902'
import { type Static, Type } from 'typebox'
import { DomainError } from '../errors.ts'

const OPERATIONS_MAX = 100
const POINTER_CHARACTERS_MAX = 500
/** Each copy can double a document. */
const COPIES_MAX = 10
/** No document of ours is half as deep. */
const LEVELS_MAX = 32

/** A JSON Patch document (RFC 6902 §3), as ISC's clients send it. */
export const JsonPatch = Type.Array(
  Type.Object({
    op: Type.Enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: Type.String({ maxLength: POINTER_CHARACTERS_MAX }),
    from: Type.Optional(Type.String({ maxLength: POINTER_CHARACTERS_MAX })),
    value: Type.Optional(Type.Unknown()),
  }),
  { minItems: 1, maxItems: OPERATIONS_MAX },
)
export type JsonPatch = Static<typeof JsonPatch>

/**
 * Takes JSON Patch in its own content type (RFC 6902 §6) and as plain JSON, and lets any content type without a body be
 * no body at all: popular clients name JSON in every request, and others a form in each POST that has none.
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  const types = ['application/json', 'application/json-patch+json']
  app.addContentTypeParser<string>(types, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body, done)
  })
  app.addContentTypeParser<string>('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') done(null, undefined)
    else done(new UnsupportedMediaType())
  })
}

/** A body that is not JSON. */
class UnsupportedMediaType extends Error {
  readonly statusCode = 415

  constructor() {
    super('Unsupported Media Type: send JSON')
  }
}

/**
 * The document as a patch leaves it; the document itself is not changed, and a patch applies whole or not at all
 * (RFC 6902 §5). What the result holds is for the caller to validate.
 * @throws DomainError `illegal_update` where an operation touches a member that is not in `patchable`, `invalid` where
 * one cannot be applied or a test fails.
 */
export function applyJsonPatch<Document extends object>(
  document: Document,
  patch: JsonPatch,
  patchable: readonly string[],
): unknown {
  for (const { op, path, from, value } of patch) {
    if (isDeeperThan(value, LEVELS_MAX))
      throw new DomainError('invalid', `The value for ${path} is nested more than ${LEVELS_MAX} deep.`)
    if (op !== 'test') requirePatchable(path, patchable)
    if (op === 'move') requirePatchable(from ?? '', patchable)
    if (NEVER.test(`${path}${from ?? ''}`)) throw new DomainError('invalid', `The path ${path} leads nowhere.`)
  }
  if (patch.filter(({ op }) => op === 'copy').length > COPIES_MAX)
    throw new DomainError('invalid', `A patch may copy at most ${COPIES_MAX} times.`)
  const patched = structuredClone(document)
  const problem = applyPatch(patched, patch as Operation[]).find((error) => error !== null)
  if (problem) throw new DomainError('invalid', `The patch cannot be applied. ${problem.message}.`)
  return patched
}

/** Looks no deeper than it must: a body has room for more levels than the stack. */
const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((each) => isDeeperThan(each, levels - 1)))

/** Names by which a path would reach out of the document. */
const NEVER = /\/(?:__proto__|constructor|prototype)(?:\/|$)/

function requirePatchable(path: string, patchable: readonly string[]): void {
  const [, member = ''] = path.split('/', 2)
  if (patchable.includes(member)) return
  const allowed = patchable.map((name) => `/${name}`).join(', ')
  throw new DomainError(
    'illegal_update',
    `${path || 'The whole document'} cannot be patched. Patch one of: ${allowed}.`,
  )
}
