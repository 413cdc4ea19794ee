/**
 * Issues codes in a store that a server has open, and prints them, one a line: `node issue-codes.ts SETTINGS`, as JSON.
 * A process of its own, because in Sallyport's nobody but a person who signs in gets a code.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { digestCode } from '../../src/authorization-codes/issue.ts'
import { insertCode } from '../../src/authorization-codes/store.ts'
import { openInstallation } from '../../src/installation.ts'
import { ADDED_CLAIMS } from '../token/claims.ts'
import { SCOPE } from '../token/credential.ts'
import { CODE_CHALLENGE, REDIRECT_URI } from './sign-in.ts'

/** What the process is told. */
export interface IssuingSettings {
  dataDirectory: string
  clientId: string
  count: number
}

const CODES_PER_COMMIT = 500
const CODE_MS = 60_000

async function issueCodes({ dataDirectory, clientId, count }: IssuingSettings): Promise<void> {
  const installation = await openInstallation({
    data: dataDirectory,
    masterKeyFile: join(dataDirectory, 'master.key'),
    databasePoolSize: 1,
    databaseStatementTimeoutMs: 10_000,
    maxStalenessMs: 1000,
  })
  await installation.changes.start()
  const db = installation.database.forTenant(ADDED_CLAIMS.tenant_id)
  for (let issued = 0; issued < count; issued += CODES_PER_COMMIT) {
    const codes = Array.from({ length: Math.min(CODES_PER_COMMIT, count - issued) }, () =>
      randomBytes(32).toString('base64url'),
    )
    const nowMs = Date.now()
    await db.transaction().execute(async (tx) => {
      for (const code of codes)
        await insertCode(tx, {
          tenant_id: ADDED_CLAIMS.tenant_id,
          digest: digestCode(code),
          interaction_id: randomBytes(16).toString('hex'),
          client_id: clientId,
          identity_id: ADDED_CLAIMS.identity_id,
          redirect_uri: REDIRECT_URI,
          scope: JSON.stringify(SCOPE),
          code_challenge: CODE_CHALLENGE,
          issued_position: installation.changes.position,
          created_at: nowMs,
          expires_at: nowMs + CODE_MS,
          used_at: null,
          family_id: null,
        })
    })
    process.stdout.write(`${codes.join('\n')}\n`)
  }
  await installation.close()
}

const [settings = ''] = process.argv.slice(2)
await issueCodes(JSON.parse(settings) as IssuingSettings) // the benchmark wrote it
