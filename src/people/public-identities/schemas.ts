import { type Static, Type } from 'typebox'
import type { IdentityRecord } from '../../identities/list.ts'
import { attributesOf } from '../identities/schemas.ts'

const ATTRIBUTES_MAX = 5

const AttributeConfig = Type.Object(
  { key: Type.String({ minLength: 1, maxLength: 100 }), name: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)
/** An attribute that everybody may see of everybody. */
export type AttributeConfig = Static<typeof AttributeConfig>

const IdentityReference = Type.Object({ type: Type.Literal('IDENTITY'), id: Type.String(), name: Type.String() })

/** The configuration as clients send it; who changed it when is for us to say. */
export const ConfigBody = Type.Object({ attributes: Type.Array(AttributeConfig, { maxItems: ATTRIBUTES_MAX }) })
export const PublicIdentityConfig = Type.Object(
  {
    attributes: Type.Array(AttributeConfig),
    modified: Type.Union([Type.String(), Type.Null()]),
    modifiedBy: Type.Optional(IdentityReference),
  },
  { additionalProperties: false },
)
export type PublicIdentityConfig = Static<typeof PublicIdentityConfig>

/** What everybody may see of an identity. */
export const PublicIdentity = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    alias: Type.String(),
    email: Type.Union([Type.String(), Type.Null()]),
    status: Type.String(),
    identityState: Type.Enum(['ACTIVE', 'INACTIVE_LONG_TERM']),
    manager: Type.Null(),
    attributes: Type.Array(
      Type.Object({
        key: Type.String(),
        name: Type.String(),
        value: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
  },
  { additionalProperties: false },
)
export type PublicIdentity = Static<typeof PublicIdentity>

/** An identity as everybody may see it, with the attributes that the tenant made public. */
export function publicIdentity(identity: IdentityRecord, shown: readonly AttributeConfig[]): PublicIdentity {
  const known = attributesOf(identity)
  return {
    id: identity.id,
    name: identity.displayName,
    alias: identity.alias,
    email: identity.email,
    status: identity.isEnabled ? 'Active' : 'Inactive',
    identityState: identity.isEnabled ? 'ACTIVE' : 'INACTIVE_LONG_TERM',
    manager: null,
    attributes: shown.map(({ key, name }) => ({
      key,
      name,
      value: Object.hasOwn(known, key) ? (known[key] ?? null) : null,
    })),
  }
}
