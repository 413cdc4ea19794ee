import type { Command } from 'commander'
import type { Installation } from '../../installation.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import {
  addOutputOptions,
  type OutputOptions,
  outputFormat,
  printHint,
  printJson,
  printRows,
  runCommand,
} from '../terminal/output.ts'
import { type LocalFlags, locally } from './locally.ts'
import { addSettingOptions, installationKeys } from './settings-options.ts'

interface CreateFlags extends OutputOptions {
  displayName?: string
  default?: boolean
}

/** Adds `sallyport tenant create|list|suspend|resume|delete`: for whoever holds the data directory or the database. */
export function registerTenant(program: Command, io: Io): void {
  const tenant = program.command('tenant').description('create, list, suspend, resume or delete tenants')
  const add = (usage: string, description: string): Command =>
    addSettingOptions(tenant.command(usage).description(description), installationKeys)

  addOutputOptions(add('create <name>', 'create a tenant; its name is the first label of its hosts'))
    .option('--display-name <text>', 'name for people')
    .option('--default', 'serve it on the bare domain too')
    .action((name: string, flags: LocalFlags & CreateFlags) =>
      locally(io, flags, (installation) => create(io, installation, { name, flags }), { mayBeNew: true }),
    )
  addOutputOptions(add('list', 'list tenants')).action((flags: LocalFlags) =>
    locally(io, flags, (installation) => list(io, installation, flags)),
  )
  add('suspend <name>', 'refuse every request of a tenant and end its tokens').action(
    (name: string, flags: LocalFlags) =>
      locally(io, flags, (installation) => setState(io, installation, { name, state: 'suspended' })),
  )
  add('resume <name>', 'end a suspension; tokens from before it stay dead').action((name: string, flags: LocalFlags) =>
    locally(io, flags, (installation) => setState(io, installation, { name, state: 'active' })),
  )
  add('delete <name>', 'delete a tenant; its name becomes free and its tokens worthless')
    .option('--yes', 'do it without asking')
    .action((name: string, flags: LocalFlags & { yes?: boolean }) =>
      runCommand(io, flags, async () => {
        if (!flags.yes) throw unconfirmed(name)
        await locally(io, flags, (installation) => setState(io, installation, { name, state: 'deleted' }))
      }),
    )
}

function unconfirmed(name: string): Error {
  const why = 'Nobody can sign in or call it again, and everything it holds is lost.'
  return usageFailure(`Deleting ${name} ends it for good.`, why, 'Give --yes if you mean it.')
}

async function create(
  io: Io,
  { contextFor }: Installation,
  { name, flags }: { name: string; flags: CreateFlags },
): Promise<void> {
  const format = outputFormat(flags, io)
  const [{ createTenant, newTenantId }, { writeTransaction }, { operator }] = await Promise.all([
    import('../../tenants/manage.ts'),
    import('../../database/write-transaction.ts'),
    import('./operator.ts'),
  ])
  const ctx = contextFor(newTenantId(), operator())
  const { displayName = name, default: isDefault = false } = flags
  await writeTransaction(ctx.db, (tx) => createTenant(tx, ctx, { name, displayName, isDefault }))
  if (format === 'json') printJson(io, { name, id: ctx.tenantId, displayName, isDefault, state: 'active' })
  else printHint(io, `Created the tenant ${name}, id ${ctx.tenantId}.`)
}

async function list(io: Io, { database }: Installation, flags: OutputOptions): Promise<void> {
  const format = outputFormat(flags, io)
  const { listTenants } = await import('../../tenants/find.ts')
  const tenants = (await listTenants(database.directory)).map(shownTenant)
  if (format === 'json') return printJson(io, tenants)
  if (tenants.length === 0) return printHint(io, 'There is no tenant yet. Create one: sallyport tenant create NAME')
  const rows = tenants.map(({ name, id, state, isDefault, displayName }) => [
    name,
    id,
    state,
    isDefault ? 'default' : '-',
    displayName,
  ])
  printRows(io, rows, format)
}

const shownTenant = ({ name, id, displayName, isDefault, isSuspended, vanityDomain }: Tenant) => ({
  name,
  id,
  displayName,
  isDefault,
  state: isSuspended ? 'suspended' : 'active',
  vanityDomain: vanityDomain ?? null,
})

const doneWords = { active: 'Resumed', suspended: 'Suspended', deleted: 'Deleted' } as const

async function setState(
  io: Io,
  { database, contextFor }: Installation,
  { name, state }: { name: string; state: keyof typeof doneWords },
): Promise<void> {
  const [{ findTenantByName }, { setTenantState }, { writeTransaction }, { operator, unknownTenant }] =
    await Promise.all([
      import('../../tenants/find.ts'),
      import('../../tenants/manage.ts'),
      import('../../database/write-transaction.ts'),
      import('./operator.ts'),
    ])
  const tenant = await findTenantByName(database.directory, name)
  if (!tenant) throw unknownTenant(name)
  const ctx = contextFor(tenant.id, operator())
  await writeTransaction(ctx.db, (tx) => setTenantState(tx, ctx, state))
  printHint(io, `${doneWords[state]} the tenant ${name}.`)
}
