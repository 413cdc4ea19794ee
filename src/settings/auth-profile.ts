import { type Static, Type } from 'typebox'
import { DomainError } from '../errors.ts'
import { applyJsonPatch, type JsonPatch } from '../http/json-patch.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { requireValid } from './require-valid.ts'
import type { TenantDocument } from './tenant-document.ts'

const NullableText = Type.Union([Type.String({ maxLength: 200 }), Type.Null()])

export const AuthProfile = Type.Object(
  {
    name: Type.String(),
    offNetwork: Type.Boolean(),
    untrustedGeography: Type.Boolean(),
    applicationId: Type.Optional(NullableText),
    applicationName: Type.Optional(NullableText),
    type: Type.Enum(['BLOCK', 'MFA', 'NON_PTA', 'PTA']),
    strongAuthLogin: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type AuthProfile = Static<typeof AuthProfile>

/** Everybody of a tenant signs in by the same profile; its id is the tenant's without the dashes. */
export const authProfileIdOf = ({ id }: Pick<Tenant, 'id'>): string => id.replaceAll('-', '')

/** The document of the only profile. */
export const authProfileDocument: TenantDocument<AuthProfile> = {
  name: 'auth_profile',
  initial: {
    name: 'Default',
    offNetwork: false,
    untrustedGeography: false,
    applicationId: null,
    applicationName: null,
    type: 'NON_PTA',
    strongAuthLogin: false,
  },
}

const PATCHABLE = ['offNetwork', 'untrustedGeography', 'applicationId', 'applicationName', 'type']

/** The profile as a patch leaves it; what it removes is as it was at first. @throws DomainError. */
export function patchAuthProfile(current: AuthProfile, patch: JsonPatch): AuthProfile {
  const patched = applyJsonPatch(current, patch, PATCHABLE) as Partial<AuthProfile> // checked in the next lines
  const next = { ...authProfileDocument.initial, ...patched }
  requireValid(AuthProfile, next)
  return next
}

/** @throws DomainError `not_found` for any id but that of the tenant's profile. */
export function requireAuthProfile(tenant: Tenant, id: string): void {
  if (id !== authProfileIdOf(tenant)) throw new DomainError('not_found', 'There is no such auth profile.')
}
