import { type Static, Type } from 'typebox'
import type { IdentityRecord } from '../../identities/list.ts'

/** An identity as ISC's clients read it. */
export const IdentityDto = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    created: Type.String(),
    modified: Type.String(),
    alias: Type.String(),
    emailAddress: Type.Union([Type.String(), Type.Null()]),
    processingState: Type.Union([Type.String(), Type.Null()]),
    identityStatus: Type.Enum(['ACTIVE', 'DISABLED']),
    managerRef: Type.Null(),
    isManager: Type.Boolean(),
    lastRefresh: Type.String(),
    attributes: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
  },
  { additionalProperties: false },
)
export type IdentityDto = Static<typeof IdentityDto>

/** What an identity says of itself by name, for those who may see it. */
export const attributesOf = ({ alias, displayName, email, kind }: IdentityRecord): IdentityDto['attributes'] => ({
  uid: alias,
  displayName,
  email,
  kind,
})

/** An identity in ISC's words. It has no manager and no lifecycle here. */
export const identityDto = (identity: IdentityRecord): IdentityDto => ({
  id: identity.id,
  name: identity.displayName,
  created: new Date(identity.createdAtMs).toISOString(),
  modified: new Date(identity.modifiedAtMs).toISOString(),
  alias: identity.alias,
  emailAddress: identity.email,
  processingState: 'OK',
  identityStatus: identity.isEnabled ? 'ACTIVE' : 'DISABLED',
  managerRef: null,
  isManager: false,
  lastRefresh: new Date(identity.modifiedAtMs).toISOString(),
  attributes: attributesOf(identity),
})
