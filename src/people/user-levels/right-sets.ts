import type { CollectionQuery } from '../../collections/collection-query.ts'
import type { Page } from '../../http/answer-page.ts'
import { builtInRightSets, isGrantableScope, rightSetOfScope } from '../../user-levels/right-sets.ts'
import type { Acting, PeopleServices } from '../acting.ts'
import { type HierarchicalRightSet, hierarchical } from './schemas.ts'

/** What custom levels can be composed of: the built-in right sets, and one for each scope that the tenant's catalogs name. */
export async function listRightSets(
  { catalogs }: PeopleServices,
  { ctx, tenant }: Acting,
  { offset, limit, isCounted }: CollectionQuery,
): Promise<Page<HierarchicalRightSet>> {
  const { entries } = await catalogs.find(ctx.db, tenant.id)
  const scopes = new Set(entries.flatMap(({ operation }) => operation.policy.userScopes ?? []))
  const sets = [
    ...builtInRightSets.filter(({ parentId }) => parentId === null),
    ...[...scopes].filter(isGrantableScope).toSorted().map(rightSetOfScope),
  ]
  const items = sets.slice(offset, offset + limit).map(hierarchical)
  return { items, total: isCounted ? sets.length : undefined }
}
