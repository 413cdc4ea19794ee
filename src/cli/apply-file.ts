import type { Installation } from '../installation.ts'
import { type ApplyReport, applyTenantFile } from '../tenant-file/apply.ts'
import { prepareTenantFile } from '../tenant-file/prepare.ts'
import type { SecretReaders } from '../tenant-file/secrets.ts'

/** Reads a tenant file whole, and only then applies it. @throws OperatorError with every mistake and its line. */
export async function applyFile(
  { keys, database, contextFor }: Installation,
  file: string,
  { readers, isReset }: { readers: SecretReaders; isReset?: boolean | undefined },
): Promise<ApplyReport> {
  const prepared = prepareTenantFile(file, readers)
  return applyTenantFile(prepared, {
    keys,
    directory: database.directory,
    contextFor: (tenantId) => contextFor(tenantId, { kind: 'tenant_file', id: file }),
    isReset,
  })
}
