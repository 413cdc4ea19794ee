import { type Static, Type } from 'typebox'

const Name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' })
const Milliseconds = Type.String({ pattern: '^[0-9]{2,6}$', description: 'Milliseconds, from 10 to 600000.' })

/** How a document is taken. What is left out stays as it is, where a catalog is replaced. */
const taken = {
  prefix: Type.Optional(Type.String({ maxLength: 128, pattern: '^(/[A-Za-z0-9._~-]+)*$' })),
  upstream: Type.Optional(Type.String({ maxLength: 2048, description: '`sample`, or an address.' })),
  schemes: Type.Optional(
    Type.String({
      maxLength: 4000,
      pattern: '^([A-Za-z0-9._-]{1,100}:(user|application|any)(,(?!$)|$))*$',
      description: 'Security schemes of the document, as `bearerAuth:user,apiKey:application`.',
    }),
  ),
  connect: Type.Optional(Milliseconds),
  firstByte: Type.Optional(Milliseconds),
  idle: Type.Optional(Milliseconds),
  sampleFaults: Type.Optional(
    Type.String({ maxLength: 200, description: 'Faults of a sample, as `latency=200,429@10%`.' }),
  ),
  dryRun: Type.Optional(
    Type.Enum(['true', 'false'], { description: 'Say what would come of it, and change nothing.' }),
  ),
}

export const ImportQuery = Type.Object({ name: Name, ...taken }, { additionalProperties: false })
export type ImportQuery = Static<typeof ImportQuery>
export const ReplaceQuery = Type.Object(taken, { additionalProperties: false })
export type ReplaceQuery = Static<typeof ReplaceQuery>
export const CatalogName = Type.Object({ name: Name })

const Nullable = Type.Union([Type.String(), Type.Null()])
const Timeouts = Type.Object({ connect: Type.Integer(), firstByte: Type.Integer(), idle: Type.Integer() })
const summary = {
  name: Type.String(),
  prefix: Type.String(),
  upstream: Type.Object({
    kind: Type.String(),
    url: Nullable,
    customCa: Type.Boolean(),
    faults: Type.Array(Type.String()),
    timeouts: Type.Union([Timeouts, Type.Null()]),
  }),
  schemes: Type.Record(Type.String(), Type.String()),
  operations: Type.Integer(),
  /** Of these, whose policy is assumed rather than declared. */
  assumed: Type.Integer(),
  /** Of these, which let nobody in. */
  unusable: Type.Integer(),
  digest: Type.String(),
  createdAt: Nullable,
  modifiedAt: Nullable,
}
const Note = Type.Object({ kind: Type.String(), pointer: Type.String(), message: Type.String() })

export const CatalogSummary = Type.Object(summary)
export type CatalogSummary = Static<typeof CatalogSummary>
/** A catalog with what its import noted. */
export const CatalogBody = Type.Object({ ...summary, notes: Type.Array(Note) })
export type CatalogBody = Static<typeof CatalogBody>
