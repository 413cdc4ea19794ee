import { userInfo } from 'node:os'
import type { Command } from 'commander'
import type { Flags } from '../config/settings.ts'
import type { Installation } from '../installation.ts'
import { usageFailure } from './failure.ts'
import type { Io } from './io.ts'
import {
  addOutputOptions,
  type OutputOptions,
  outputFormat,
  printHint,
  printJson,
  printRows,
  runCommand,
} from './output.ts'
import { addSettingOptions, installationKeys, settingsOf } from './settings-options.ts'

type TenantFlags = OutputOptions & {
  displayName?: string
  default?: boolean
  yes?: boolean
  [setting: string]: unknown
}

/** Adds `sallyport tenant create|list|suspend|resume|delete`: for whoever holds the data directory or the database. */
export function registerTenant(program: Command, io: Io): void {
  const tenant = program.command('tenant').description('create, list, suspend, resume or delete tenants')
  const add = (
    usage: string,
    description: string,
    run: (installation: Installation, name: string, flags: TenantFlags) => Promise<void>,
  ): Command =>
    addSettingOptions(addOutputOptions(tenant.command(usage).description(description)), installationKeys).action(
      (...args: unknown[]) => {
        const name = typeof args[0] === 'string' ? args[0] : ''
        const flags = (typeof args[0] === 'string' ? args[1] : args[0]) as TenantFlags
        return runCommand(io, flags, () => locally(io, flags, (installation) => run(installation, name, flags)))
      },
    )
  add('create <name>', 'create a tenant; its name is the first label of its hosts', (installation, name, flags) =>
    createTenantNamed(io, installation, { name, flags }),
  )
    .option('--display-name <text>', 'name for people')
    .option('--default', 'serve it on the bare domain too')
  add('list', 'list tenants', (installation, _name, flags) => list(io, installation, flags))
  add('suspend <name>', 'refuse every request of a tenant and end its tokens', (installation, name) =>
    setState(io, installation, { name, state: 'suspended' }),
  )
  add('resume <name>', 'end a suspension; tokens from before it stay dead', (installation, name) =>
    setState(io, installation, { name, state: 'active' }),
  )
  add(
    'delete <name>',
    'delete a tenant; its name becomes free and its tokens worthless',
    (installation, name, { yes }) => {
      if (!yes)
        throw usageFailure(
          `Deleting ${name} ends it for good.`,
          'Nobody can sign in or call it again.',
          'Give --yes if you mean it.',
        )
      return setState(io, installation, { name, state: 'deleted' })
    },
  ).option('--yes', 'do it without asking')
}

async function locally(io: Io, flags: TenantFlags, run: (installation: Installation) => Promise<void>): Promise<void> {
  const { withInstallation } = await import('./with-installation.ts')
  const { displayName: _name, default: _default, yes: _yes, output: _output, json: _json, ...settings } = flags
  await withInstallation(settingsOf(settings as Flags, io), run)
}

const operator = () => ({ kind: 'operator', id: userInfo().username }) as const

async function createTenantNamed(
  io: Io,
  installation: Installation,
  { name, flags }: { name: string; flags: TenantFlags },
): Promise<void> {
  const { createTenant, newTenantId } = await import('../tenants/manage.ts')
  const ctx = installation.contextFor(newTenantId(), operator())
  await ctx.db
    .transaction()
    .execute((tx) => createTenant(tx, ctx, { name, displayName: flags.displayName, isDefault: flags.default }))
  printHint(io, `Created the tenant ${name}, id ${ctx.tenantId}.`)
}

async function list(io: Io, { database }: Installation, flags: TenantFlags): Promise<void> {
  const { listTenants } = await import('../tenants/find.ts')
  const tenants = await listTenants(database.directory)
  const format = outputFormat(flags, io)
  if (format === 'json') return printJson(io, tenants)
  if (tenants.length === 0) return printHint(io, 'There is no tenant yet. Create one: sallyport tenant create NAME')
  const rows = tenants.map(({ name, id, displayName, isDefault, isSuspended }) => [
    name,
    id,
    isSuspended ? 'suspended' : 'active',
    isDefault ? 'default' : '',
    displayName,
  ])
  printRows(io, rows, format)
}

async function setState(
  io: Io,
  installation: Installation,
  { name, state }: { name: string; state: 'active' | 'suspended' | 'deleted' },
): Promise<void> {
  const [{ findTenantByName }, { setTenantState }] = await Promise.all([
    import('../tenants/find.ts'),
    import('../tenants/manage.ts'),
  ])
  const tenant = await findTenantByName(installation.database.directory, name)
  if (!tenant)
    throw usageFailure(
      `There is no tenant ${name}.`,
      'It was never created, or was deleted.',
      'See: sallyport tenant list',
    )
  const ctx = installation.contextFor(tenant.id, operator())
  await ctx.db.transaction().execute((tx) => setTenantState(tx, ctx, state))
  printHint(io, `${{ active: 'Resumed', suspended: 'Suspended', deleted: 'Deleted' }[state]} the tenant ${name}.`)
}
