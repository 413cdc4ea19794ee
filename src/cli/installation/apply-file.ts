import type { Installation } from '../../installation.ts'
import { type ApplyReport, applyTenantFile } from '../../tenant-file/apply.ts'
import type { MadeSecret } from '../../tenant-file/applying.ts'
import { type PreparedTenantFile, prepareTenantFile } from '../../tenant-file/prepare.ts'
import type { SecretReaders } from '../../tenant-file/secrets.ts'
import { readWritten } from '../terminal/failure.ts'

/** Reads a tenant file and all that it refers to. @throws WrittenMistakes, every one with its line. */
export const prepareFile = (file: string, readers: SecretReaders): PreparedTenantFile =>
  readWritten(() => prepareTenantFile(file, readers))

/** Applies what a tenant file says. @throws OperatorError with the line of every entry that could not be applied. */
export function applyPrepared(
  { keys, database, contextFor }: Installation,
  prepared: PreparedTenantFile,
  { file, isReset, onMadeSecret }: { file: string; isReset?: boolean; onMadeSecret: (made: MadeSecret) => void },
): Promise<ApplyReport> {
  return applyTenantFile(prepared, {
    keys,
    directory: database.directory,
    contextFor: (tenantId) => contextFor(tenantId, { kind: 'tenant_file', id: file }),
    isReset,
    onMadeSecret,
  })
}
