import { resolve } from 'node:path'
import { isLoopback } from '../../config/host-names.ts'
import type { Settings } from '../../config/settings.ts'
import { demoSecretReaders, demoTenantFile } from '../../demo.ts'
import { OperatorError } from '../../errors.ts'
import type { Installation } from '../../installation.ts'
import { secretReaders } from '../../tenant-file/secrets.ts'
import { applyPrepared, prepareFile } from '../installation/apply-file.ts'
import type { Io } from '../terminal/io.ts'
import { printApplied, secretPrinter } from '../installation/print-applied.ts'

/** Applies the tenant files that the settings name, and the demo tenant, before the server listens. */
export async function applyAtStart(io: Io, settings: Settings, installation: Installation): Promise<void> {
  refuseExposedDemo(settings)
  const onMadeSecret = secretPrinter(io)
  for (const file of settings.tenantFile) {
    const prepared = prepareFile(file, secretReaders(file, io.env))
    printApplied(io, await applyPrepared(installation, prepared, { file, onMadeSecret }), { isQuiet: true })
  }
  if (!settings.demo) return
  const prepared = prepareFile(demoTenantFile, demoSecretReaders(settings.data, io.env))
  printApplied(io, await applyPrepared(installation, prepared, { file: demoTenantFile, onMadeSecret }), {
    isQuiet: true,
  })
}

/** The demo tenant is for one machine: everybody knows its ids and its people. */
function refuseExposedDemo({ host, tenantFile }: Settings): void {
  if (isLoopback(host) || !tenantFile.some((file) => resolve(file) === demoTenantFile)) return
  throw new OperatorError(
    '--tenant-file: the demo tenant is not served where other machines reach it; write a file of your own',
  )
}
