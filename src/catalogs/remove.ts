import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import type { CatalogServices } from './add.ts'
import { CATALOGS } from './catalogs.ts'
import { deleteCatalogRow, lockCatalogs } from './store.ts'

/**
 * Removes a catalog: its operations are unknown from then on. A tenant file that named it does not bring it back while
 * its entry stays the same.
 * @throws DomainError `not_found`
 */
export async function removeCatalog({ changes }: CatalogServices, ctx: RequestContext, name: string): Promise<void> {
  await writeTransaction(ctx.db, async (tx) => {
    await lockCatalogs(tx, ctx.tenantId)
    if (!(await deleteCatalogRow(tx, ctx.tenantId, name)))
      throw new DomainError('not_found', `There is no catalog ${name}.`)
    await recordAudit(tx, ctx, { action: 'catalog.removed', targetKind: 'catalog', targetId: name })
    await appendChange(tx, ctx, { kind: 'catalog', subject: CATALOGS })
  })
  await changes.catchUp()
}
