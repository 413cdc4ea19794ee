import { type Static, Type } from 'typebox'
import { DomainError } from '../../errors.ts'
import { getIdentity } from '../../identities/list.ts'
import { listPersonalAccessTokens } from '../../personal-access-tokens/list.ts'
import { type Acting, isAdministrator } from '../acting.ts'

const Entity = Type.Object({
  identityEntity: Type.Object({ id: Type.String(), name: Type.String(), type: Type.String() }),
})

/** What an identity owns, by the kind of owner it is. */
export const Ownership = Type.Object({
  associationDetails: Type.Array(Type.Object({ associationType: Type.String(), entities: Type.Array(Entity) })),
})
export type Ownership = Static<typeof Ownership>

/**
 * What an identity owns here: personal access tokens, since nothing else has an owner. An ORG_ADMIN may ask of
 * everybody, others of themselves.
 * @throws DomainError `not_found`, `resource_denied`.
 */
export async function describeOwnership(acting: Acting, id: string): Promise<Ownership> {
  const { ctx, caller } = acting
  const { alias } = await getIdentity(ctx.db, ctx.tenantId, id)
  if (caller.identityId !== id && !isAdministrator(acting))
    throw new DomainError('resource_denied', `Only an ORG_ADMIN and ${alias} may see what ${alias} owns.`)
  const { items } = await listPersonalAccessTokens(ctx, { ownerId: id, includesManaged: false })
  if (items.length === 0) return { associationDetails: [] }
  const entities = items.map((token) => ({
    identityEntity: { id: token.id, name: token.name, type: 'PERSONAL_ACCESS_TOKEN' },
  }))
  return { associationDetails: [{ associationType: 'PERSONAL_ACCESS_TOKEN_OWNER', entities }] }
}
