import { findTenantByName } from '../tenants/find.ts'
import { createTenant, newTenantId, updateTenant } from '../tenants/manage.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { Applier, type ApplyOptions, type Entry } from './applier.ts'
import { mistakesError, type ParsedTenantFile } from './read.ts'
import type { TenantEntry } from './schema.ts'

/**
 * Makes or updates the tenant of a file, and answers the applier for the rest of it.
 * @throws OperatorError when the tenant cannot be made, or has another id than the file says.
 */
export async function applyTenant(file: ParsedTenantFile, options: ApplyOptions): Promise<Applier> {
  const { tenant } = file.contents
  const known = await findTenantByName(options.directory, tenant.name)
  if (known) return updateKnown(file, known, options)
  const applier = await Applier.open(newTenantId(tenant.id), options)
  await applier.apply({ ...entryFor(tenant), isForced: true }, async ({ tx, ctx }) => {
    await createTenant(tx, ctx, { name: tenant.name, ...wordsOf(tenant) })
    return { outcome: 'created', subject: ctx.tenantId }
  })
  if (applier.mistakes.length === 0) return applier
  // Another process may have been quicker with the same file.
  const other = await findTenantByName(options.directory, tenant.name)
  if (other) return updateKnown(file, other, options)
  throw mistakesError(file.fileName, file.lineOf, applier.mistakes)
}

async function updateKnown(file: ParsedTenantFile, known: Tenant, options: ApplyOptions): Promise<Applier> {
  const { tenant } = file.contents
  if (tenant.id !== undefined && tenant.id !== known.id)
    throw mistakesError(file.fileName, file.lineOf, [
      { path: ['tenant', 'id'], message: `the tenant ${known.name} has the id ${known.id} already; leave the id out` },
    ])
  const applier = await Applier.open(known.id, options)
  await applier.apply(entryFor(tenant), async ({ tx, ctx }) => {
    await updateTenant(tx, ctx, wordsOf(tenant))
    return { outcome: 'updated', subject: ctx.tenantId }
  })
  return applier
}

const entryFor = (tenant: TenantEntry): Entry => ({ name: 'tenant', key: 'tenant', path: ['tenant'], value: tenant })

const wordsOf = (tenant: TenantEntry) => ({
  displayName: tenant.displayName ?? tenant.name,
  isDefault: tenant.default ?? false,
  vanityDomain: tenant.vanityDomain ?? null,
  settings: tenant.settings ?? {},
})
