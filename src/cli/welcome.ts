import { join, relative } from 'node:path'
import type { Settings } from '../config/settings.ts'
import { demoDirectory } from '../demo.ts'
import type { RunningServer } from '../server.ts'
import { listTenants } from '../tenants/find.ts'
import { originsOf } from '../tenants/origins.ts'

/** What a person needs to know once the server is ready. */
export async function welcome(settings: Settings, { url, opsUrl, installation }: RunningServer): Promise<string[]> {
  const [scheme = 'http', domain = ''] = url.split('://')
  const tenants = await listTenants(installation.database.directory)
  const lines = tenants.slice(0, TENANTS_SHOWN).map((tenant) => {
    const { api } = originsOf(tenant, { scheme: scheme === 'https' ? 'https' : 'http', domain })
    return `  tenant ${tenant.name}: ${api}/oauth/token, ${api}/oauth/info`
  })
  if (tenants.length === 0)
    lines.push('  There is no tenant yet: sallyport tenant create NAME, or sallyport apply -f FILE')
  if (tenants.length > TENANTS_SHOWN) lines.push(`  and ${tenants.length - TENANTS_SHOWN} more: sallyport tenant list`)
  if (opsUrl !== undefined) lines.push(`  operations: ${opsUrl}/metrics`)
  return settings.demo ? [...lines, ...demoLines(url, settings.data)] : lines
}

const TENANTS_SHOWN = 5
const ADA = 'a1da0000000000000000000000000001'
const PAUL = 'a9a10000000000000000000000000004'
const NIGHTLY_EXPORT = '2b8f6d1c-3a5e-4c7f-9b1d-8e0a2c4f6b18'

/** Three calls that show the two gates; the secrets stay in their files. */
function demoLines(url: string, data: string): string[] {
  const call = (clientId: string, name: string): string => {
    const file = relative('.', join(demoDirectory(data), `${name}.secret`))
    const token = `$(curl -s ${url}/oauth/token -d grant_type=client_credentials -d client_id=${clientId} --data-urlencode client_secret@${file} | sed 's/.*"access_token":"//;s/".*//')`
    return `curl -i ${url}/v2025/identities -H "Authorization: Bearer ${token}"`
  }
  return [
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
