import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import type AxeBuilder from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { DOMAIN, type TestApp } from './test-app.ts'
import type { Owner } from './test-database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** A Chromium to which the test server is at the address that it believes to have. Gone when the test ends. */
export async function launchBrowser(t: Owner, { origin }: Pick<TestApp, 'origin'>): Promise<Browser> {
  const { executablePath, env } = findChromium()
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      `--host-resolver-rules=MAP ${DOMAIN} ${new URL(origin).host}`,
    ],
  })
  t.after(() => browser.close())
  return browser
}

/** A page of a browser profile of its own: without JavaScript, as the sign-in pages are for. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    baseURL: `http://${DOMAIN}`,
    javaScriptEnabled: false,
    viewport: { width: 900, height: 900 },
    ...options,
  })
  return context.newPage()
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')

/** What axe finds wrong with a page as it stands, by the rules of WCAG 2.2 AA and of good practice. */
export async function findAccessibilityFaults(
  browser: Browser,
  page: Page,
  colorScheme: 'light' | 'dark',
): Promise<string[]> {
  // axe is a script, and the page may have none: it looks at a copy of the page, in a context where scripts run.
  const context = await browser.newContext({ colorScheme, bypassCSP: true, baseURL: page.url() })
  try {
    const copy = await context.newPage()
    const html = await page.content()
    const address = page.url()
    await copy.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }))
    await copy.goto(address)
    await copy.evaluate(axeSource)
    const { violations } = await copy.evaluate(() => (globalThis as unknown as { axe: typeof AxeBuilder }).axe.run())
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: node }) => node).join(' ')}`)
  } finally {
    await context.close()
  }
}

interface Chromium {
  executablePath: string
  env?: Record<string, string>
}

/** The one that CHROMIUM names, else one that npm brought (Linux on x64), else one that is installed. */
function findChromium(): Chromium {
  const named = process.env['CHROMIUM']
  if (named) return { executablePath: named }
  if (process.platform === 'linux' && process.arch === 'x64') return unpackChromium()
  const executablePath = [...INSTALLED, chromium.executablePath()].find((path) => existsSync(path))
  if (executablePath) return { executablePath }
  throw new Error(
    'No Chromium found: install one, run npx playwright-core install chromium, or set CHROMIUM to its path.',
  )
}

/** Unpacks the npm package's Chromium, with the libraries and the font it needs, once per version. */
function unpackChromium(): Chromium {
  const bin = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin')
  const { version } = JSON.parse(readFileSync(join(bin, '../package.json'), 'utf8')) as { version: string }
  const directory = join(root, 'node_modules/.cache', `chromium-${version}`)
  if (!existsSync(directory)) unpackInto(directory, bin)
  return {
    executablePath: join(directory, 'chromium'),
    env: { LD_LIBRARY_PATH: join(directory, 'al2023/lib'), FONTCONFIG_FILE: join(directory, 'fonts.conf') },
  }
}

/** Beside its final place, then renamed: of several processes that unpack at once, one wins and none sees half of it. */
function unpackInto(directory: string, bin: string): void {
  mkdirSync(dirname(directory), { recursive: true })
  const beside = mkdtempSync(`${directory}-`)
  const read = (name: string): Buffer => brotliDecompressSync(readFileSync(join(bin, name)))
  writeFileSync(join(beside, 'chromium'), read('chromium.br'), { mode: 0o755 })
  for (const name of ['al2023', 'fonts']) {
    mkdirSync(join(beside, name))
    execFileSync('tar', ['-x', '-C', join(beside, name)], { input: read(`${name}.tar.br`) })
  }
  const fonts = `<dir>/usr/share/fonts</dir><dir>${directory}/fonts</dir><cachedir>${directory}/fonts-cache</cachedir>`
  const declaration = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
  writeFileSync(join(beside, 'fonts.conf'), `${declaration}\n<fontconfig>${fonts}</fontconfig>\n`)
  try {
    renameSync(beside, directory)
  } catch (error) {
    rmSync(beside, { recursive: true, force: true })
    if (!existsSync(directory)) throw error
  }
}
