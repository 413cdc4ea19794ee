import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryProject } from './temporary-project.ts'

const ROOT = join(import.meta.dirname, '..')
const SYSTEM_TOOLS = ['sh', 'dirname', 'cmp', 'ln', 'readlink', 'rm', 'sleep', 'cp', 'uname', 'id', 'mkdir', 'chmod']

const OLD_NODE = '#!/bin/sh\necho v18.20.1\n'
const NODE = '#!/bin/sh\necho v20.20.2\n'
/** Installs a Node that greets, and notes that it was called; like npm 10 it makes no link in `.bin`. */
const NPM = `#!/bin/sh
[ "$1" != --version ] || { echo 10.8.2; exit; }
echo "npm $*" >> calls
mkdir -p node_modules/.bin node_modules/node-any/bin
printf '#!/bin/sh\\necho "Node 26 runs $*"\\n' > node_modules/node-any/bin/node
chmod 755 node_modules/node-any/bin/node
`

interface Clone {
  readonly root: string
  /** Runs a script of the clone with nothing but the clone's own tools. */
  readonly run: (script: string, ...args: string[]) => Promise<{ code: number; stdout: string; stderr: string }>
}

/** A clone with the two scripts, on a machine that has these programs. */
function clone(t: TestContext, programs: Readonly<Record<string, string>>): Clone {
  const files = Object.entries(programs).map(([name, text]) => [`machine/${name}`, text])
  const root = temporaryProject(t, { 'package-lock.json': '{"version":1}', ...Object.fromEntries(files) })
  for (const script of ['scripts/setup.sh', 'bin/sallyport']) cpSync(join(ROOT, script), join(root, script))
  for (const name of Object.keys(programs)) chmodSync(join(root, 'machine', name), 0o755)
  mkdirSync(join(root, 'machine'), { recursive: true })
  for (const tool of SYSTEM_TOOLS) {
    symlinkSync(
      execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(),
      join(root, 'machine', tool),
    )
  }
  const run: Clone['run'] = (script, ...args) =>
    new Promise((resolve) => {
      const options = { cwd: root, env: { PATH: join(root, 'machine') } }
      const child = execFile(join(root, script), args, options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? 1, stdout, stderr }),
      )
    })
  return { root, run }
}

/** What bin/sallyport tells its Node. */
const FLAGS = '--max-semi-space-size=8 --disable-warning=ExperimentalWarning'

test('a fresh clone is installed without running the scripts of packages', async (t) => {
  const { root, run } = clone(t, { node: NODE, npm: NPM })

  const { code, stderr } = await run('scripts/setup.sh')

  assert.equal(code, 0, stderr)
  assert.equal(readFileSync(join(root, 'calls'), 'utf8'), 'npm ci --ignore-scripts --loglevel=error\n')
  assert.equal((await run('bin/sallyport', 'serve')).stdout, `Node 26 runs ${FLAGS} ${root}/src/cli/main.ts serve\n`)
})

test('an installed clone is left alone until its lock file changes', async (t) => {
  const { root, run } = clone(t, { node: NODE, npm: NPM })
  const calls = () => readFileSync(join(root, 'calls'), 'utf8').trim().split('\n').length
  await run('scripts/setup.sh')

  await run('scripts/setup.sh')
  assert.equal(calls(), 1)

  cpSync(join(root, 'bin/sallyport'), join(root, 'package-lock.json'))
  await run('scripts/setup.sh')
  assert.equal(calls(), 2)
})

test('two runs at once install once', async (t) => {
  const { root, run } = clone(t, { node: NODE, npm: NPM.replace('mkdir -p', 'sleep 0.3; mkdir -p') })

  const results = await Promise.all([run('scripts/setup.sh'), run('scripts/setup.sh')])

  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0],
  )
  assert.equal(readFileSync(join(root, 'calls'), 'utf8').trim().split('\n').length, 1)
  assert.equal(existsSync(join(root, '.setup-lock')), false)
})

test('the lock of a run that died does not stop the next', async (t) => {
  const { root, run } = clone(t, { node: NODE, npm: NPM })
  symlinkSync('999999999', join(root, '.setup-lock'))

  assert.equal((await run('scripts/setup.sh')).code, 0)
})

const unusable: readonly [what: string, programs: Record<string, string>, expected: RegExp][] = [
  ['without Node', {}, /^sallyport: Node is missing\. Install Node 20 or later/],
  ['without npm', { node: NODE }, /^sallyport: npm is missing\./],
  ['with Node 18', { node: OLD_NODE, npm: NPM }, /^sallyport: Node v18\.20\.1 is too old/],
  ['with npm 9', { node: NODE, npm: '#!/bin/sh\necho 9.9.4\n' }, /^sallyport: npm 9\.9\.4 is too old/],
  ['where npm fails', { node: NODE, npm: NPM.replace('mkdir -p', 'exit 1; mkdir -p') }, /Installing packages failed/],
  [
    'where npm brings no Node',
    { node: NODE, npm: NPM.replace('mkdir -p', 'exit 0; mkdir -p') },
    /There is no Node 26 for/,
  ],
]

for (const [what, programs, expected] of unusable) {
  test(`a machine ${what} is told in one sentence`, async (t) => {
    const { root, run } = clone(t, programs)

    const { code, stderr } = await run('scripts/setup.sh')

    assert.equal(code, 1)
    assert.match(stderr, expected)
    assert.equal(existsSync(join(root, '.setup-lock')), false)
  })
}

test('the launcher finds its Node through a chain of links', async (t) => {
  const { root, run } = clone(t, { node: NODE, npm: NPM })
  await run('scripts/setup.sh')
  mkdirSync(join(root, 'elsewhere'))
  symlinkSync('../bin/sallyport', join(root, 'elsewhere/relative'))
  symlinkSync(join(root, 'elsewhere/relative'), join(root, 'elsewhere/absolute'))

  const { stdout } = await run('elsewhere/absolute', 'explain', 'two words')

  assert.equal(stdout, `Node 26 runs ${FLAGS} ${root}/src/cli/main.ts explain two words\n`)
})

test('the launcher says what to run when packages are not installed', async (t) => {
  const { root, run } = clone(t, {})

  const { code, stderr } = await run('bin/sallyport')

  assert.equal(code, 1)
  assert.equal(
    stderr,
    `sallyport: its packages are not installed yet. Run this first: (cd '${root}' && npm run setup)\n`,
  )
})
