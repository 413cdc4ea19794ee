import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DOMAIN, startTestApp, type TestAnswer, type TestApp, type TestAppOptions } from './test-app.ts'
import { identityIdOf } from './tenant-fixtures.ts'
import type { Owner } from './test-database.ts'

export const PASSWORD = 'sun over the quiet harbour'
/** Of `PASSWORD`, made beforehand: hashing takes time that tests have better uses for. */
const PASSWORD_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$QtND/cHCywe1b2/13Uod0w$He2ECTmNbsRKS+2EzyyhSgR83uMcRrwVCdx1HC9AmW0'

/** A server whose tenants acme and globex have people with a password, and some without. */
export async function startSignInApp(
  t: Owner,
  { settings = {}, ...options }: Omit<TestAppOptions, 'tenants'> & { settings?: object } = {},
): Promise<TestApp> {
  return startTestApp(t, {
    ...options,
    tenants: [
      { tenant: { name: 'acme', displayName: 'Acme', default: true, settings }, identities: people('acme') },
      { tenant: { name: 'globex', displayName: 'Globex' }, identities: people('globex') },
    ],
  })
}

const people = (tenant: string): object[] => [
  person(tenant, 'ada', { displayName: 'Ada Admin', userLevels: ['ORG_ADMIN'] }),
  person(tenant, 'paul', { displayName: 'Paul Plain' }),
  person(tenant, 'dora', { displayName: 'Dora Disabled', enabled: false }),
  person(tenant, 'robot', { kind: 'MACHINE' }),
  { alias: 'nopass', id: identityIdOf(tenant, 'nopass'), email: `nopass@${tenant}.test` },
]

const person = (tenant: string, alias: string, more: object): object => ({
  alias,
  id: identityIdOf(tenant, alias),
  email: `${alias}@${tenant}.test`,
  passwordHash: PASSWORD_HASH,
  ...more,
})

export type Fields = Readonly<Record<string, string>>

/** A browser without a screen: it keeps cookies and fills in the forms it is shown. */
export interface FormBrowser {
  readonly cookies: Map<string, string>
  get: (path: string, headers?: Record<string, string>) => Promise<TestAnswer>
  post: (path: string, fields: Fields, headers?: Record<string, string>) => Promise<TestAnswer>
  /** Opens a page and sends its form, hidden fields included. */
  submit: (path: string, fields: Fields, headers?: Record<string, string>) => Promise<TestAnswer>
  signIn: (username: string, password?: string) => Promise<TestAnswer>
}

/** A browser of its own on one of the hosts; the bare domain, which is acme's, by default. */
export function openFormBrowser({ call }: TestApp, host: string = DOMAIN): FormBrowser {
  const cookies = new Map<string, string>()
  const send = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await call(method, path, {
      host,
      headers: { ...(cookie !== '' && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (line.includes('Max-Age=0')) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  const get: FormBrowser['get'] = (path, headers = {}) => send('GET', path, headers)
  const post: FormBrowser['post'] = (path, fields, headers = {}) =>
    send(
      'POST',
      path,
      { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
      new URLSearchParams(fields).toString(),
    )
  const submit: FormBrowser['submit'] = async (path, fields, headers = {}) => {
    const page = await get(path, headers)
    const action = /<form method="post" action="([^"]+)"/.exec(page.text)?.[1]
    assert.ok(action, `${path} shows no form: ${page.status} ${page.text.slice(0, 200)}`)
    return post(action, { ...hiddenFieldsOf(page.text), ...fields }, headers)
  }
  return {
    cookies,
    get,
    post,
    submit,
    signIn: (username, password = PASSWORD) => submit('/login', { username, password }),
  }
}

/** The hidden fields of the form on a page. */
export function hiddenFieldsOf(text: string): Fields {
  const found = text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]))
}

/** A mail as it lies in the outbox. */
export interface SentMail {
  to: string
  subject: string
  text: string
  /** The link in it. */
  link: string | undefined
}

/** The mails sent so far, once nothing is left to do behind the answers. */
export async function mailsOf({ app, data }: TestApp): Promise<SentMail[]> {
  await settle({ app })
  const directory = join(data, 'outbox')
  return filesIn(directory).map((name) => {
    const [head = '', text = ''] = readFileSync(join(directory, name), 'utf8').split(/\r?\n\r?\n(.*)/s)
    const header = (key: string): string => new RegExp(`^${key}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
    return { to: header('To'), subject: header('Subject'), text, link: /^https?:\S+$/m.exec(text)?.[0] }
  })
}

/** Resolves once all that is done behind answers is done. */
export async function settle({ app }: Pick<TestApp, 'app'>): Promise<void> {
  await app.services.signIn.afterAnswer.idle()
  await app.services.signIn.mails.idle()
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

/** The audit events of acme about signing in, oldest first, as `action reason`. */
export async function auditOf(app: TestApp): Promise<string[]> {
  await settle(app)
  const { db, tenantId } = await app.contextOf('acme')
  const rows = await db
    .selectFrom('audit_event')
    .select(['action', 'details'])
    .where('tenant_id', '=', tenantId)
    .orderBy('position')
    .execute()
  return rows
    .filter(({ action }) => /^(?:session|password|identity\.locked)/.test(action))
    .map(({ action, details }) => `${action} ${JSON.parse(details).reason ?? ''}`.trim())
}
