import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, openPage } from '../support/browser.ts'
import { type SallyportProcess, runSallyport, startProgram, startSallyport } from '../support/sallyport-process.ts'
import { testInstallationOptions } from '../support/test-database.ts'

const examples = join(import.meta.dirname, '..', '..', 'examples')
/** Where the demo tenant knows the application to be. */
const REGISTERED_PORT = 3000

interface Demo {
  server: SallyportProcess
  /** Of all people of the demo. */
  password: string
  /** The application's address. */
  portal: string
}

/** Sallyport's demo and beside it the example application, each a process of its own, as the example's README says. */
async function startDemo(t: TestContext): Promise<Demo> {
  const { data, databaseUrl, migrationUrl } = await testInstallationOptions(t)
  const place = ['--data', data, ...flag('--database-url', databaseUrl), ...flag('--migration-url', migrationUrl)]
  const server = await startSallyport(t, ['--demo', ...place])
  const port = await choosePort()
  if (port !== REGISTERED_PORT) await registerAt(t, { port, data, place })
  const application = startProgram(t, [join(examples, 'web-app', 'server.js')], {
    command: [process.execPath],
    env: {
      SALLYPORT_URL: server.url,
      CLIENT_SECRET_FILE: join(data, 'demo', 'portal.secret'),
      PORT: String(port),
    },
  })
  const [, portal = ''] = await application.says(/^Open (\S+)$/m)
  return { server, password: readFileSync(join(data, 'demo', 'password'), 'utf8'), portal }
}

const flag = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value])

/** The registered port, or one that is free where something else has it. */
async function choosePort(): Promise<number> {
  return (await takePort(REGISTERED_PORT)) ?? (await takePort(0)) ?? assert.fail('No port is free.')
}

function takePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(undefined))
    server.listen(wanted, 'localhost', () => {
      const { port } = server.address() as AddressInfo // a TCP server, so not a string
      server.close(() => resolve(port))
    })
  })
}

/** Registers the application at another port: with a copy of the demo's tenant file, applied while the server runs. */
async function registerAt(t: TestContext, to: { port: number; data: string; place: string[] }): Promise<void> {
  const file = join(to.data, 'demo', 'acme.yaml')
  const text = readFileSync(join(examples, 'acme.yaml'), 'utf8')
    .replace(`http://localhost:${REGISTERED_PORT}/`, `http://localhost:${to.port}/`)
    .replaceAll('../data/demo/', '')
  writeFileSync(file, text)
  copyFileSync(join(examples, 'sample.openapi.yaml'), join(to.data, 'demo', 'sample.openapi.yaml'))
  const { exitCode, stderr } = await runSallyport(t, ['apply', '-f', file, ...to.place])
  assert.equal(exitCode, 0, stderr)
}

/** A page of a browser profile of its own, at the application. */
const openPortal = (browser: Browser, { portal }: Demo): Promise<Page> =>
  openPage(browser, { baseURL: portal, javaScriptEnabled: true })

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** What the application says to somebody who is signed in. */
async function greetingOf(page: Page): Promise<string> {
  await page.getByText('You are').waitFor()
  return page.locator('body').innerText()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/logout')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
}

test('people sign in to the example application, which calls the API as them, refreshes and signs out', async (t) => {
  const demo = await startDemo(t)
  const browser = await launchBrowser(t, { origin: demo.portal })
  const page = await openPortal(browser, demo)
  const addresses: string[] = []
  page.on('framenavigated', (frame) => addresses.push(frame.url()))

  await signIn(page, 'ada', demo.password)
  const ada = await greetingOf(page)
  await page.getByRole('button', { name: 'Refresh' }).click()
  const adaRefreshed = await greetingOf(page)
  await signOut(page)
  await page.goto('/')
  const nobody = await page.locator('body').innerText()
  await page.getByRole('link', { name: 'Sign in' }).click()
  const isAskedAgain = await page.getByLabel('Password').isVisible()
  const other = await openPortal(browser, demo)
  await signIn(other, 'paul', demo.password)
  const paul = await greetingOf(other)

  for (const text of [ada, adaRefreshed])
    assert.match(text, /You are ada, until .*\n+GET \/v2025\/identities: 200, let in/)
  assert.match(paul, /You are paul, .*\n+GET \/v2025\/identities: 403, scope\.beyond_level/)
  assert.doesNotMatch(nobody, /You are/)
  assert.ok(isAskedAgain, 'after a sign-out the next sign-in asks for the password')
  assert.doesNotMatch(addresses.join('\n'), /token/)
})
