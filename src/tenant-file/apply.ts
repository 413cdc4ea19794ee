import { importCatalog, setScopeGrant } from '../catalogs/import.ts'
import { completeSettings } from '../tenants/settings.ts'
import type { Applier, ApplyOptions } from './applier.ts'
import { applyOauthClient, applyPersonalAccessToken } from './apply-credentials.ts'
import { applyIdentity, preparePassword } from './apply-identity.ts'
import { applyTenant } from './apply-tenant.ts'
import type { AppliedReport, MadeSecret } from './applying.ts'
import type { Path } from './lines.ts'
import type { PreparedTenantFile } from './prepare.ts'
import { mistakesError } from './read.ts'
import type { IdentityEntry } from './schema.ts'

/** What a tenant file changed, entry by entry. */
export interface ApplyReport {
  readonly tenant: string
  readonly entries: readonly AppliedReport[]
  readonly madeSecrets: readonly MadeSecret[]
}

/**
 * Applies a tenant file, each entry in a transaction of its own with its audit event. An entry that was applied before
 * and did not change is not touched, so what was deleted, disabled, rotated or edited since stays so. A file may be
 * applied by several processes at once, and again after one that was stopped half-way.
 *
 * @throws OperatorError with the line of every entry that could not be applied; the others are applied, unless it is
 *   the tenant itself that cannot be made.
 */
export async function applyTenantFile(prepared: PreparedTenantFile, options: ApplyOptions): Promise<ApplyReport> {
  const applier = await applyTenant(prepared.parsed, options)
  await applyIdentities(applier, prepared)
  await applyClients(applier, prepared)
  await applyScopeGrants(applier, prepared)
  await applyCatalogs(applier, prepared)
  const { contents, fileName, lineOf } = prepared.parsed
  const { entries, madeSecrets, mistakes } = applier
  if (mistakes.length > 0) throw mistakesError(fileName, lineOf, mistakes)
  return { tenant: contents.tenant.name, entries, madeSecrets }
}

async function applyIdentities(applier: Applier, prepared: PreparedTenantFile): Promise<void> {
  for (const [index, identity] of (prepared.parsed.contents.identities ?? []).entries()) {
    const { personalAccessTokens: _, ...value } = identity
    const path: Path = ['identities', index]
    const entry = { name: `identity ${identity.alias}`, key: `identity ${identity.alias}`, path, value }
    const given = { password: prepared.secrets.get(identity), passwordHash: identity.passwordHash }
    const password = applier.isDue(entry) ? await preparePassword(given) : undefined
    const id = await applier.apply(entry, (applying) => applyIdentity(applying, { entry: value, password }))
    if (id !== undefined) await applyTokens(applier, prepared, { id, path, identity })
  }
}

async function applyTokens(
  applier: Applier,
  { parsed, secrets }: PreparedTenantFile,
  owner: { id: string; path: Path; identity: IdentityEntry },
): Promise<void> {
  const perOwnerMax = completeSettings(parsed.contents.tenant.settings ?? {}).tokens.personalAccessTokensPerUser
  for (const [index, token] of (owner.identity.personalAccessTokens ?? []).entries())
    await applier.apply(
      {
        name: `personalAccessToken ${owner.identity.alias}/${token.name}`,
        key: `personalAccessToken ${owner.id}/${token.name}`,
        path: [...owner.path, 'personalAccessTokens', index],
        value: token,
      },
      (applying) =>
        applyPersonalAccessToken(
          applying,
          { ownerId: owner.id, perOwnerMax },
          { entry: token, secret: secrets.get(token) },
        ),
    )
}

async function applyClients(applier: Applier, { parsed, secrets }: PreparedTenantFile): Promise<void> {
  for (const [index, client] of (parsed.contents.oauthClients ?? []).entries())
    await applier.apply(
      {
        name: `oauthClient ${client.name}`,
        key: `oauthClient ${client.id ?? client.name}`,
        path: ['oauthClients', index],
        value: client,
      },
      (applying) => applyOauthClient(applying, { entry: client, secret: secrets.get(client) }),
    )
}

async function applyScopeGrants(applier: Applier, { parsed }: PreparedTenantFile): Promise<void> {
  for (const [scope, userLevels] of Object.entries(parsed.contents.scopeGrants ?? {})) {
    const name = `scopeGrant ${scope}`
    await applier.apply(
      { name, key: name, path: ['scopeGrants', scope], value: userLevels },
      async ({ tx, ctx, before }) => {
        await setScopeGrant(tx, ctx, { scope, userLevels })
        return { outcome: before ? 'updated' : 'created', subject: '' }
      },
    )
  }
}

async function applyCatalogs(applier: Applier, { catalogs, catalogReader }: PreparedTenantFile): Promise<void> {
  for (const [index, catalog] of catalogs.entries()) {
    const name = `catalog ${catalog.name}`
    const value = { ...catalog, document: catalog.document.toString('base64') }
    await applier.apply({ name, key: name, path: ['catalogs', index], value }, async ({ tx, ctx, before }) => {
      const { operations, notes } = await importCatalog(tx, ctx, catalog, { reader: catalogReader })
      return {
        outcome: before ? 'updated' : 'created',
        subject: '',
        remark: [counted(operations, 'operation'), ...(notes.length > 0 ? [counted(notes.length, 'note')] : [])].join(
          ', ',
        ),
        notes: notes.map(({ kind, pointer, message }) => `${kind} ${pointer}: ${message}`),
      }
    })
  }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
