import { type Static, type TSchema, Type } from 'typebox'
import { JsonPatch } from '../../http/json-patch.ts'
import { childrenOf, findRightSet, type RightSet } from '../../user-levels/right-sets.ts'
import type { CustomUserLevel } from '../../user-levels/user-level.ts'
import { PublicIdentity } from '../public-identities/schemas.ts'

const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Strings = Type.Array(Type.String())

/** Letters and signs that can be seen: no control characters, no invisible formatting. */
const Name = Type.String({ minLength: 1, maxLength: 128, pattern: '^[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+$' })
const RightSetIds = Type.Array(Type.String({ minLength: 1, maxLength: 250 }), { maxItems: 200, uniqueItems: true })

/** A custom level as administrators write it. Of the owner the id counts. */
export const UserLevelBody = Type.Object({
  name: Name,
  description: Type.String({ maxLength: 2000 }),
  owner: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
  rightSets: Type.Optional(Nullable(RightSetIds)),
})
export type UserLevelBody = Static<typeof UserLevelBody>

/** A patch as RFC 6902 has it, or wrapped as ISC's clients send it. */
export const UserLevelPatch = Type.Union([JsonPatch, Type.Object({ operations: JsonPatch })])
export type UserLevelPatch = Static<typeof UserLevelPatch>

const RightSetDto = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  category: Type.String(),
  rights: Strings,
  rightSetIds: Strings,
  uiAssignableChildRightSetIds: Strings,
  uiAssignable: Type.Boolean(),
  translatedName: Type.String(),
  translatedDescription: Type.String(),
  parentId: Nullable(Type.String()),
})
type RightSetDto = Static<typeof RightSetDto>

function rightSetDto({ id, name, description, category, scopes, parentId }: RightSet): RightSetDto {
  const children = childrenOf(id).map((child) => child.id)
  return {
    id,
    name,
    description,
    category,
    rights: [...scopes],
    rightSetIds: children,
    uiAssignableChildRightSetIds: children,
    uiAssignable: true,
    translatedName: name,
    translatedDescription: description,
    parentId,
  }
}

/** A custom level as ISC's clients read it. */
export const UserLevelDto = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: Type.String(),
    legacyGroup: Type.Null(),
    rightSets: Type.Optional(Type.Array(RightSetDto)),
    custom: Type.Boolean(),
    adminAssignable: Type.Boolean(),
    translatedName: Type.String(),
    translatedGrant: Type.Null(),
    translatedRemove: Type.Null(),
    owner: Type.Optional(PublicIdentity),
    status: Type.Enum(['DRAFT', 'ACTIVE']),
    created: Type.String(),
    modified: Type.String(),
    associatedIdentitiesCount: Type.Optional(Type.Integer()),
  },
  { additionalProperties: false },
)
export type UserLevelDto = Static<typeof UserLevelDto>

/** What a level is told with, beside itself; a slim answer leaves right sets and count out. */
export interface AboutLevel {
  owner: PublicIdentity | undefined
  full: { count: number } | undefined
}

export const userLevelDto = (level: CustomUserLevel, { owner, full }: AboutLevel): UserLevelDto => ({
  id: level.id,
  name: level.name,
  description: level.description,
  legacyGroup: null,
  custom: true,
  adminAssignable: true,
  translatedName: level.name,
  translatedGrant: null,
  translatedRemove: null,
  ...(owner && { owner }),
  status: level.status,
  created: new Date(level.createdAtMs).toISOString(),
  modified: new Date(level.modifiedAtMs).toISOString(),
  ...(full && {
    rightSets: level.rightSets.flatMap((id) => findRightSet(id) ?? []).map(rightSetDto),
    associatedIdentitiesCount: full.count,
  }),
})

const Nested = Type.Object({
  ancestorId: Type.String(),
  depth: Type.Integer(),
  parentId: Nullable(Type.String()),
  childrenIds: Strings,
})
const Leaf = { id: Type.String(), name: Type.String(), description: Type.String(), category: Type.String() }

/** A right set with those below it. */
export const HierarchicalRightSet = Type.Object({
  ...Leaf,
  nestedConfig: Nested,
  children: Type.Array(Type.Object({ ...Leaf, nestedConfig: Nested, children: Type.Array(Type.Null()) })),
})
export type HierarchicalRightSet = Static<typeof HierarchicalRightSet>

export const hierarchical = (set: RightSet): HierarchicalRightSet => ({
  ...branch(set, set.id, 0),
  children: childrenOf(set.id).map((child) => ({ ...branch(child, set.id, 1), children: [] })),
})

function branch({ id, name, description, category, parentId }: RightSet, ancestorId: string, depth: number) {
  const childrenIds = childrenOf(id).map((child) => child.id)
  return { id, name, description, category, nestedConfig: { ancestorId, depth, parentId, childrenIds } }
}
