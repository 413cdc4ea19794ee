import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { matchesDigest, digestSecret } from '../../src/credentials/secret.ts'
import { findSecrets } from '../../src/credentials/secrets.ts'
import { writeTransaction } from '../../src/database/write-transaction.ts'
import type { Tx } from '../../src/database/schema.ts'
import { OperatorError } from '../../src/errors.ts'
import type { RequestContext } from '../../src/request-context.ts'
import { type ApplyReport, applyTenantFile } from '../../src/tenant-file/apply.ts'
import type { MadeSecret } from '../../src/tenant-file/applying.ts'
import { prepareTenantFile } from '../../src/tenant-file/prepare.ts'
import { secretReaders } from '../../src/tenant-file/secrets.ts'
import { findTenantByName } from '../../src/tenants/find.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import { openTestInstallation, type TestInstallation } from './test-installation.ts'

export interface ApplyChoices {
  isReset?: boolean
  environment?: NodeJS.ProcessEnv
  onMadeSecret?: (made: MadeSecret) => void
}

export interface ApplyWorld extends TestInstallation {
  /** Where the tenant file lies. */
  folder: string
  /** Applies a tenant file, given as an object or as text. */
  apply: (contents: object | string, choices?: ApplyChoices) => Promise<ApplyReport>
  /** The outcome of each entry that is not unchanged: `identity ada created`, with its remark in brackets. */
  outcomes: (contents: object | string, choices?: ApplyChoices) => Promise<string[]>
  /** What is wrong with a file, without its name. */
  problems: (contents: object | string, choices?: ApplyChoices) => Promise<string[]>
  contextOf: (tenant?: string) => Promise<RequestContext>
  /** Changes something as an administrator would. */
  write: <Result>(run: (tx: Tx, ctx: RequestContext) => Promise<Result>) => Promise<Result>
  /** Whether a secret proves a credential now. */
  proves: (credentialId: string, secret: string) => Promise<boolean>
}

/** An installation to apply tenant files to. */
export async function openApplyWorld(t: TestContext): Promise<ApplyWorld> {
  const installation = await openTestInstallation(t)
  const { keys, database, contextFor } = installation
  const folder = temporaryDirectory(t)
  const file = join(folder, 'tenant.yaml')
  const contextOf = async (tenant = 'acme') => {
    const { id = '' } = (await findTenantByName(database.directory, tenant)) ?? {}
    return contextFor(id, { kind: 'operator', id: 'test' })
  }
  const apply: ApplyWorld['apply'] = async (contents, { isReset, environment = {}, onMadeSecret } = {}) => {
    writeFileSync(file, typeof contents === 'string' ? contents : JSON.stringify(contents, null, 2))
    return applyTenantFile(prepareTenantFile(file, secretReaders(file, environment)), {
      keys,
      directory: database.directory,
      contextFor: (tenantId) => contextFor(tenantId, { kind: 'tenant_file', id: 'tenant.yaml' }),
      isReset,
      onMadeSecret,
    })
  }
  return {
    ...installation,
    folder,
    apply,
    contextOf,
    outcomes: async (contents, choices) => describe(await apply(contents, choices)),
    problems: async (contents, choices) => {
      try {
        await apply(contents, choices)
      } catch (error) {
        if (error instanceof OperatorError) return error.problems.map((problem) => problem.replace(`${file}:`, ''))
        throw error
      }
      return []
    },
    write: async (run) => {
      const ctx = await contextOf()
      return writeTransaction(ctx.db, (tx) => run(tx, ctx))
    },
    proves: async (credentialId, secret) => {
      const { db, tenantId, nowMs } = await contextOf()
      const live = (await findSecrets(db, tenantId, credentialId)).filter(
        ({ retired_at }) => retired_at === null || retired_at > nowMs,
      )
      const digests = live.map(({ digest }) => digest)
      return matchesDigest(digests, digestSecret(keys.secrets, secret))
    },
  }
}

const describe = ({ entries }: ApplyReport): string[] =>
  entries
    .filter(({ outcome }) => outcome !== 'unchanged')
    .map(({ entry, outcome, remark }) => `${entry} ${outcome}${remark === undefined ? '' : ` (${remark})`}`)
