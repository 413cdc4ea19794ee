import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { findAccessibilityFaults, launchBrowser, openPage } from '../support/browser.ts'
import { mailsOf, PASSWORD, startSignInApp } from '../support/sign-in.ts'
import type { TestApp } from '../support/test-app.ts'

const NEW = 'seven green lanterns'

async function start(t: TestContext): Promise<{ app: TestApp; browser: Browser }> {
  const app = await startSignInApp(t, { settings: { session: { rememberMe: true } } })
  return { app, browser: await launchBrowser(t, app) }
}

/** Fills in fields by their labels and sends the form with the Enter key. */
async function fillIn(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text)
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}

const heading = (page: Page): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent()

test('people sign in, change their password, sign out and reset it, all without JavaScript', async (t) => {
  const { app, browser } = await start(t)
  const page = await openPage(browser)
  const seen = []

  await page.goto('/login')
  await fillIn(page, { Username: 'ada', Password: 'not this' })
  seen.push(await page.getByRole('alert').textContent())
  await fillIn(page, { Password: PASSWORD })
  seen.push(await heading(page))
  await page.getByRole('link', { name: 'Change your password' }).click()
  await fillIn(page, { 'Current password': PASSWORD, 'New password': NEW, 'New password, once more': NEW })
  seen.push(await page.getByRole('status').textContent())
  await page.getByRole('link', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  seen.push(await heading(page))
  await page.goto('/login/forgot')
  await fillIn(page, { Username: 'ada' })
  await page.goto((await mailsOf(app)).at(-1)?.link ?? '')
  await fillIn(page, { 'New password': `${NEW} again`, 'New password, once more': `${NEW} again` })
  seen.push(await page.getByRole('status').textContent())
  await fillIn(page, { Username: 'ada', Password: `${NEW} again` })
  seen.push(await heading(page))

  assert.match(seen[0] ?? '', /do not go together/)
  assert.deepEqual(seen.slice(1), [
    'You are signed in',
    'Your password is changed. Everything else is signed out.',
    'You are signed out',
    'Your new password is set. Sign in with it.',
    'You are signed in',
  ])
})

test('the keyboard alone is enough, in the order in which a page reads', async (t) => {
  const { browser } = await start(t)
  const page = await openPage(browser)
  await page.goto('/login')
  const focused = () =>
    page.locator(':focus').evaluate((element) => element.getAttribute('name') ?? element.textContent?.trim())
  const order = [await focused()]

  for (let step = 0; step < 4; step++) {
    await page.keyboard.press('Tab')
    order.push(await focused())
  }

  assert.deepEqual(order, ['username', 'password', 'remember', 'Sign in', 'Forgot your password?'])
})

test('after a refusal the name is still there, and typing goes on at the password', async (t) => {
  const { browser } = await start(t)
  const page = await openPage(browser)
  await page.goto('/login')

  await fillIn(page, { Username: 'ada', Password: 'not this' })
  // A browser moves the focus with its next rendering, which may come after the page is loaded.
  await page.locator('[name=password]:focus').waitFor()
  await page.keyboard.type(PASSWORD)
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])

  assert.equal(await heading(page), 'You are signed in')
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing wrong with any page in ${colorScheme}, at any step`, async (t) => {
    const { app, browser } = await start(t)
    const page = await openPage(browser, { colorScheme })
    const faults: string[] = []
    const look = async () => {
      const found = await findAccessibilityFaults(browser, page, colorScheme)
      faults.push(...found.map((fault) => `${page.url()} ${fault}`))
    }

    for (const path of ['/login', '/login/forgot', '/login/reset?token=none', '/logout']) {
      await page.goto(path)
      await look()
    }
    await page.goto('/login/forgot')
    await fillIn(page, { Username: 'ada' })
    await look()
    await page.goto((await mailsOf(app))[0]?.link ?? '')
    await fillIn(page, { 'New password': 'short', 'New password, once more': 'short' })
    await look()
    await page.goto('/login')
    await fillIn(page, { Username: 'ada', Password: 'not this' })
    await look()
    await fillIn(page, { Password: PASSWORD })
    for (const path of ['/login?notice=changed', '/login/password', '/logout']) {
      await page.goto(path)
      await look()
    }
    await page.context().clearCookies()
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Sign out' }).click()])
    await look()

    assert.deepEqual(faults, [])
  })

test('pages ask no other origin for anything, and break no rule of their own policy', async (t) => {
  const { browser } = await start(t)
  const page = await openPage(browser)
  const origins = new Set<string>()
  const complaints: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) origins.add(new URL(request.url()).origin)
  })
  page.on('console', (message) => complaints.push(message.text()))

  await page.goto('/login')
  await fillIn(page, { Username: 'ada', Password: PASSWORD })

  assert.deepEqual([...origins], ['http://localhost:8080'])
  assert.deepEqual(complaints, [])
})

test('a narrow screen at great magnification scrolls in one direction only (WCAG 1.4.10)', async (t) => {
  const { browser } = await start(t)
  const page = await openPage(browser, { viewport: { width: 320, height: 480 }, locale: 'de' })

  for (const path of ['/login', '/login/forgot', '/login/reset?token=none']) {
    await page.goto(path)
    const width = await page.locator('html').evaluate((root) => root.scrollWidth)
    assert.ok(width <= 320, `${path} is ${width} px wide`)
  }
})

test('a page of another site can show no page of ours in a frame', async (t) => {
  const { browser } = await start(t)
  const page = await openPage(browser, { javaScriptEnabled: true })
  await page.route('http://evil.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<iframe src="http://localhost:8080/login"></iframe>' }),
  )

  await page.goto('http://evil.example/')
  const frame = page.frames()[1]

  assert.equal(await frame?.locator('form').count(), 0)
})
