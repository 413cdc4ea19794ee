import { join, relative, resolve } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { demoDirectory, demoTenantName } from '../../demo.ts'
import type { RunningServer } from '../../server.ts'
import { listTenants } from '../../tenants/find.ts'
import { originsOf, type TenantOrigins } from '../../tenants/origins.ts'
import type { Tenant } from '../../tenants/tenant.ts'

/** What a person needs to know once the server is ready. */
export async function welcome(settings: Settings, { url, opsUrl, installation }: RunningServer): Promise<string[]> {
  const [, domain = ''] = url.split('://')
  const origins = (tenant: Tenant): TenantOrigins => originsOf(tenant, { scheme: settings.publicScheme, domain })
  const apiOf = (tenant: Tenant): string => origins(tenant).api
  const tenants = await listTenants(installation.database.directory)
  const lines = tenants
    .slice(0, TENANTS_SHOWN)
    .map((tenant) => `  tenant ${tenant.name}: ${apiOf(tenant)}/oauth/token, ${apiOf(tenant)}/oauth/info`)
  if (tenants.length === 0)
    lines.push('  There is no tenant yet: sallyport tenant create NAME, or sallyport apply -f FILE')
  if (tenants.length > TENANTS_SHOWN) lines.push(`  and ${tenants.length - TENANTS_SHOWN} more: sallyport tenant list`)
  if (opsUrl !== undefined) lines.push(`  operations: ${opsUrl}/metrics`)
  const demo = settings.demo ? tenants.find(({ name }) => name === demoTenantName) : undefined
  return demo ? [...lines, ...demoLines(origins(demo), settings.data)] : lines
}

const TENANTS_SHOWN = 5
const ADA = 'a1da0000000000000000000000000001'
const PAUL = 'a9a10000000000000000000000000004'
const NIGHTLY_EXPORT = '2b8f6d1c-3a5e-4c7f-9b1d-8e0a2c4f6b18'

/** How to sign in, and three calls that show the two gates; the secrets stay in their files. */
function demoLines({ api, login }: TenantOrigins, data: string): string[] {
  const call = (clientId: string, name: string): string => {
    const secret = quoted(`client_secret@${shortest(join(demoDirectory(data), `${name}.secret`))}`)
    const form = `-d grant_type=client_credentials -d client_id=${clientId} --data-urlencode ${secret}`
    const token = `$(curl -s ${api}/oauth/token ${form} | sed 's/.*"access_token":"//;s/".*//')`
    return `curl -i ${api}/v2025/identities -H "Authorization: Bearer ${token}"`
  }
  const password = shortest(join(demoDirectory(data), 'password'))
  return [
    '',
    `Sign in at ${login}/login as ada, sam, hana or paul, with the password in ${password}`,
    '',
    'Try the two gates. Ada is an administrator, with a personal access token: 200',
    call(ADA, 'ada'),
    '',
    'The same scope, but an API client, which stands for nobody: 403 context.user_required',
    call(NIGHTLY_EXPORT, 'nightly-export'),
    '',
    'Paul is a person, but without a user level that may list identities: 403 scope.beyond_level',
    call(PAUL, 'paul'),
    '',
  ]
}

/** Relative where that is below the folder people are in. */
function shortest(file: string): string {
  const path = relative('.', file)
  return path.startsWith('..') ? resolve(file) : path
}

/** As one word for a shell. */
function quoted(word: string): string {
  return /^[\w./@=:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
