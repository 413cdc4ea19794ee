import type { Command } from 'commander'
import type { Installation } from '../../installation.ts'
import type { Io } from '../terminal/io.ts'
import { printHint } from '../terminal/output.ts'
import { type LocalFlags, locally } from './locally.ts'
import { addSettingOptions, installationKeys } from './settings-options.ts'

type RotateFlags = LocalFlags & { readonly tenant?: string; readonly emergency?: boolean }

/** Adds `sallyport keys rotate`: the next signing key, with overlap; or at once, when one may have leaked. */
export function registerKeys(program: Command, io: Io): void {
  const keys = program.command('keys').description('signing keys')
  const rotate = keys
    .command('rotate')
    .description('make the next signing key of one tenant, or of all; keys rotate by themselves every 90 days')
    .option('--tenant <name>', 'this tenant alone')
    .option('--emergency', 'a key may have leaked: stop trusting the old ones at once, which ends every access token')
  addSettingOptions(rotate, installationKeys).action((flags: RotateFlags) =>
    locally(io, flags, (installation) =>
      rotateAll(io, installation, { tenant: flags.tenant, isEmergency: flags.emergency === true }),
    ),
  )
}

interface Wanted {
  tenant: string | undefined
  isEmergency: boolean
}

async function rotateAll(
  io: Io,
  { database, keys, contextFor }: Installation,
  { tenant, isEmergency }: Wanted,
): Promise<void> {
  const [{ listTenants }, { rotateSigningKey }, { operator, unknownTenant }] = await Promise.all([
    import('../../tenants/find.ts'),
    import('../../keys/rotate.ts'),
    import('./operator.ts'),
  ])
  const tenants = (await listTenants(database.directory)).filter(({ name }) => tenant === undefined || name === tenant)
  if (tenant !== undefined && tenants.length === 0) throw unknownTenant(tenant)
  for (const { id, name } of tenants) {
    for (const purpose of ['access', 'context'] as const)
      await rotateSigningKey(contextFor(id, operator()), { purpose, wrapping: keys.wrapping, isEmergency })
    printHint(
      io,
      isEmergency
        ? `${name}: new keys sign from now on; every access token issued before is dead.`
        : `${name}: new keys are published and sign in ten minutes; the old ones verify for another 13 hours.`,
    )
  }
}
