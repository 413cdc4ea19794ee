import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { strangeAnswer } from '../connection/refusal.ts'

// Members that are not named here are let through: a newer server may say more.
const Summary = Type.Object({
  name: Type.String(),
  prefix: Type.String(),
  upstream: Type.Object({ kind: Type.String(), url: Type.Union([Type.String(), Type.Null()]) }),
  schemes: Type.Record(Type.String(), Type.Enum(['user', 'application', 'any'])),
  operations: Type.Integer(),
  assumed: Type.Integer(),
  unusable: Type.Integer(),
  modifiedAt: Type.Union([Type.String(), Type.Null()]),
})
const Whole = Type.Object({
  ...Summary.properties,
  notes: Type.Array(Type.Object({ kind: Type.String(), pointer: Type.String(), message: Type.String() })),
})
const List = Type.Array(Summary)

/** A catalog as the server tells it. */
export type CatalogSummary = Static<typeof Summary>
export type WholeCatalog = Static<typeof Whole>

/** @throws CliFailure when the answer is something else. */
export function asCatalogs(answer: unknown): CatalogSummary[] {
  if (Check(List, answer)) return answer
  throw strangeAnswer('GET /sallyport/v1/catalogs', 'is no list of catalogs')
}

/** @throws CliFailure when the answer is something else. */
export function asCatalog(answer: unknown): WholeCatalog {
  if (Check(Whole, answer)) return answer
  throw strangeAnswer('/sallyport/v1/catalogs', 'is no catalog')
}

export const upstreamOf = ({ upstream }: CatalogSummary): string => upstream.url ?? upstream.kind
