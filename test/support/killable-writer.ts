/**
 * Changes an installation until it is killed, and says on standard output what it has acknowledged, one line each:
 * `node killable-writer.ts OPTIONS`, where OPTIONS are those of `openInstallation` as JSON. It begins with the number
 * that it reads from standard input, so that it can be loaded before it is wanted.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { openInstallation } from '../../src/installation.ts'
import { deletePersonalAccessToken } from '../../src/personal-access-tokens/manage.ts'
import { applyTenantFile } from '../../src/tenant-file/apply.ts'
import { prepareTenantFile } from '../../src/tenant-file/prepare.ts'
import { secretReaders } from '../../src/tenant-file/secrets.ts'
import { findTenantByName } from '../../src/tenants/find.ts'
import { numberedTenantFile, numberedToken } from './numbered-tenant-file.ts'

const [options = ''] = process.argv.slice(2)
const input = createInterface(process.stdin)
const first = await input.question('')
input.close()
const installation = await openInstallation(JSON.parse(options))
const { keys, database, contextFor, changes } = installation
const file = join(JSON.parse(options).data, 'tenant.json')

for (let number = Number(first); ; number++) {
  writeFileSync(file, JSON.stringify(numberedTenantFile(number)))
  await applyTenantFile(prepareTenantFile(file, secretReaders(file, {})), {
    keys,
    directory: database.directory,
    contextFor: (tenantId) => contextFor(tenantId, { kind: 'tenant_file', id: 'tenant.json' }),
  })
  process.stdout.write(`applied ${number}\n`)
  if (number % 2 === 0) {
    const { id = '' } = (await findTenantByName(database.directory, 'acme')) ?? {}
    const ctx = contextFor(id, { kind: 'operator', id: 'test' })
    await changes.write(ctx, (tx) => deletePersonalAccessToken(tx, ctx, numberedToken(number).id))
    process.stdout.write(`deleted ${number}\n`)
  }
}
