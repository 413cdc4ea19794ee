import { importCatalog, setScopeGrant } from '../catalogs/import.ts'
import type { Directory } from '../database/schema.ts'
import { DomainError, OperatorError } from '../errors.ts'
import { hashPassword } from '../identities/password.ts'
import type { ServerKeys } from '../keys/master-key.ts'
import type { RequestContext } from '../request-context.ts'
import { createTenant, newTenantId, updateTenant } from '../tenants/manage.ts'
import { completeSettings } from '../tenants/settings.ts'
import { findTenantByName } from '../tenants/find.ts'
import { applyOauthClient, applyPersonalAccessToken } from './apply-credentials.ts'
import { applyIdentity } from './apply-identity.ts'
import type { Applied, AppliedReport, Applying, MadeSecret } from './applying.ts'
import { entryDigest } from './digest.ts'
import { type AppliedEntry, listAppliedEntries, recordAppliedEntry } from './entry-store.ts'
import type { Path } from './lines.ts'
import type { PreparedTenantFile } from './prepare.ts'
import { mistakesError } from './read.ts'
import type { Mistake } from './shape.ts'

export interface ApplyOptions {
  keys: ServerKeys
  directory: Directory
  contextFor: (tenantId: string) => RequestContext
  isReset?: boolean | undefined
}

export interface ApplyReport {
  readonly tenant: string
  readonly entries: readonly AppliedReport[]
  readonly madeSecrets: readonly MadeSecret[]
}

/**
 * Applies a tenant file, each entry in a transaction of its own with its audit event. An entry that was applied before
 * and did not change is not touched, so what was deleted, disabled, rotated or edited since stays so.
 *
 * @throws OperatorError with the line of every entry that could not be applied; the others are applied.
 */
export async function applyTenantFile(prepared: PreparedTenantFile, options: ApplyOptions): Promise<ApplyReport> {
  const { contents, fileName, lineOf } = prepared.parsed
  const known = await findTenantByName(options.directory, contents.tenant.name)
  const tenantId = known?.id ?? newTenantId(contents.tenant.id)
  if (known && contents.tenant.id !== undefined && contents.tenant.id !== known.id)
    throw mistakesError(fileName, lineOf, [
      { path: ['tenant', 'id'], message: `the tenant ${known.name} has the id ${known.id} already; leave the id out` },
    ])
  const applier = new Applier(tenantId, options, await listAppliedEntries(options.contextFor(tenantId).db, tenantId))
  await applyAll(applier, prepared, { exists: known !== undefined })
  if (applier.mistakes.length > 0) throw mistakesError(fileName, lineOf, applier.mistakes)
  return { tenant: contents.tenant.name, entries: applier.entries, madeSecrets: applier.madeSecrets }
}

async function applyAll(
  applier: Applier,
  prepared: PreparedTenantFile,
  { exists }: { exists: boolean },
): Promise<void> {
  const { parsed, secrets, catalogs } = prepared
  const { tenant, identities = [], oauthClients = [], scopeGrants = {} } = parsed.contents
  const { name, displayName, vanityDomain = null, settings = {} } = tenant
  const about = { displayName: displayName ?? name, isDefault: tenant.default ?? false, vanityDomain, settings }
  await applier.apply({ entry: 'tenant', path: ['tenant'], value: tenant }, async ({ tx, ctx }) => {
    if (exists) await updateTenant(tx, ctx, about)
    else await createTenant(tx, ctx, { name, ...about })
    return { outcome: exists ? 'updated' : 'created', subject: ctx.tenantId }
  })
  const perOwnerMax = completeSettings(settings).tokens.personalAccessTokensPerUser
  for (const [index, { personalAccessTokens = [], ...entry }] of identities.entries()) {
    const path: Path = ['identities', index]
    const passwordHash = await applier.hashIfChanged(`identity ${entry.alias}`, entry)
    const ownerId = await applier.apply({ entry: `identity ${entry.alias}`, path, value: entry }, (applying) =>
      applyIdentity(applying, { entry, passwordHash }),
    )
    if (ownerId === undefined) continue
    for (const [at, token] of personalAccessTokens.entries())
      await applier.apply(
        {
          entry: `personalAccessToken ${entry.alias}/${token.name}`,
          path: [...path, 'personalAccessTokens', at],
          value: token,
        },
        (applying) =>
          applyPersonalAccessToken(applying, { ownerId, perOwnerMax }, { entry: token, secret: secrets.get(token) }),
      )
  }
  for (const [index, client] of oauthClients.entries())
    await applier.apply(
      { entry: `oauthClient ${client.id ?? client.name}`, path: ['oauthClients', index], value: client },
      (applying) => applyOauthClient(applying, { entry: client, secret: secrets.get(client) }),
    )
  for (const [scope, userLevels] of Object.entries(scopeGrants))
    await applier.apply(
      { entry: `scopeGrant ${scope}`, path: ['scopeGrants', scope], value: userLevels },
      async ({ tx, ctx, before }) => {
        await setScopeGrant(tx, ctx, { scope, userLevels })
        return { outcome: before ? 'updated' : 'created', subject: '' }
      },
    )
  for (const [index, { document, ...catalog }] of catalogs.entries())
    await applier.apply(
      {
        entry: `catalog ${catalog.name}`,
        path: ['catalogs', index],
        value: { ...catalog, document: document.toString('base64') },
      },
      async ({ tx, ctx, before }) => {
        const { operations, notes } = await importCatalog(tx, ctx, { ...catalog, document })
        const remark = `${operations} operations${notes.length > 0 ? `, ${notes.length} notes` : ''}`
        return { outcome: before ? 'updated' : 'created', subject: '', remark }
      },
    )
}

interface Entry {
  /** Its key, by which it is known at the next apply. */
  entry: string
  path: Path
  value: unknown
}

/** Applies entries one by one and keeps account of it. */
class Applier {
  readonly entries: AppliedReport[] = []
  readonly madeSecrets: MadeSecret[] = []
  readonly mistakes: Mistake[] = []
  readonly #tenantId: string
  readonly #options: ApplyOptions
  readonly #known: Map<string, AppliedEntry>

  constructor(tenantId: string, options: ApplyOptions, known: Map<string, AppliedEntry>) {
    this.#tenantId = tenantId
    this.#options = options
    this.#known = known
  }

  /** Applies an entry unless it did not change, and answers the id of what it stands for; undefined when it failed. */
  async apply(
    { entry, path, value }: Entry,
    run: (applying: Applying) => Promise<Applied>,
  ): Promise<string | undefined> {
    const { keys, contextFor, isReset = false } = this.#options
    const digest = entryDigest(value, keys.tenantFiles)
    const before = this.#known.get(entry)
    if (before?.digest === digest && !isReset) {
      this.entries.push({ entry, outcome: 'unchanged' })
      return before.subject
    }
    const ctx = contextFor(this.#tenantId)
    try {
      const applied = await ctx.db.transaction().execute(async (tx) => {
        const outcome = await run({ tx, ctx, keys, before, isReset })
        await recordAppliedEntry(tx, ctx.tenantId, { entry, digest, subject: outcome.subject, nowMs: ctx.nowMs })
        return outcome
      })
      this.entries.push({ entry, outcome: applied.outcome, remark: applied.remark })
      if (applied.made) this.madeSecrets.push({ entry, ...applied.made })
      return applied.subject
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.mistakes.push({ path, message: error.message })
      return undefined
    }
  }

  /** Hashing a password takes long enough to do it only for an entry that will be applied, and before its transaction. */
  async hashIfChanged(entry: string, value: { password?: string; passwordHash?: string }): Promise<string | undefined> {
    const isUnchanged = this.#known.get(entry)?.digest === entryDigest(value, this.#options.keys.tenantFiles)
    if (value.password === undefined || (isUnchanged && !this.#options.isReset)) return value.passwordHash
    return hashPassword(value.password)
  }
}
