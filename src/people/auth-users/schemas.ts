import { type Static, Type } from 'typebox'
import type { IdentityRecord } from '../../identities/list.ts'
import type { Tenant } from '../../tenants/tenant.ts'

const Nothing = Type.Null()

/** An identity as whoever gives and takes user levels sees it. */
export const AuthUser = Type.Object(
  {
    tenant: Type.String(),
    id: Type.String(),
    uid: Type.String(),
    identificationNumber: Nothing,
    email: Type.Union([Type.String(), Type.Null()]),
    phone: Nothing,
    workPhone: Nothing,
    personalEmail: Nothing,
    firstname: Nothing,
    lastname: Nothing,
    displayName: Type.String(),
    alias: Type.String(),
    lastPasswordChangeDate: Nothing,
    lastUnlockTimestamp: Nothing,
    capabilities: Type.Array(Type.String()),
  },
  { additionalProperties: false },
)
export type AuthUser = Static<typeof AuthUser>

export const authUser = (tenant: Tenant, identity: IdentityRecord): AuthUser => ({
  tenant: tenant.name,
  id: identity.id,
  uid: identity.alias,
  identificationNumber: null,
  email: identity.email,
  phone: null,
  workPhone: null,
  personalEmail: null,
  firstname: null,
  lastname: null,
  displayName: identity.displayName,
  alias: identity.alias,
  lastPasswordChangeDate: null,
  lastUnlockTimestamp: null,
  capabilities: [...identity.userLevels],
})
