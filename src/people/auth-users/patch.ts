import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { DomainError } from '../../errors.ts'
import { applyJsonPatch, type JsonPatch } from '../../http/json-patch.ts'
import { type Acting, type PeopleServices } from '../acting.ts'
import { assignLevels } from '../assign-levels.ts'
import { type AuthUser, authUser } from './schemas.ts'

const Patched = Type.Object({
  capabilities: Type.Union([Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 100 }), Type.Null()]),
})

/**
 * Changes the user levels of an identity, which is all that a patch of an auth user may change.
 * @throws DomainError `illegal_update` for any other path, else as `assignLevels`.
 */
export async function patchAuthUser(
  services: PeopleServices,
  acting: Acting,
  { id, patch }: { id: string; patch: JsonPatch },
): Promise<AuthUser> {
  const identity = await assignLevels(services, acting, {
    id,
    change: (before) => capabilitiesIn(applyJsonPatch(authUser(acting.tenant, before), patch, ['capabilities'])),
  })
  return authUser(acting.tenant, identity)
}

function capabilitiesIn(patched: unknown): readonly string[] {
  const without: Static<typeof Patched> = { capabilities: null }
  const document = { ...without, ...(patched as object) }
  if (Value.Check(Patched, document)) return document.capabilities ?? []
  throw new DomainError('illegal_value', 'capabilities must be a list of user levels, such as ["HELPDESK"].')
}
