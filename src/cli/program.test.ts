import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runProgram } from '../../test/support/command-line.ts'
import { exitCodes, renderExitCodes } from './terminal/exit-codes.ts'

const manifest: { version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
)

/** The commands that the help lists, under whatever heading. */
function listedCommands(help: string): string[] {
  return [...help.matchAll(/^ {2}([a-z]+) +\S/gm)].map(([, name = '']) => name).filter((name) => name !== 'sallyport')
}

/** The commands that the reference has a section for. */
function documentedCommands(): Set<string> {
  const reference = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'reference', 'cli.md'), 'utf8')
  return new Set([...reference.matchAll(/^## `([a-z]+)[ `]/gm)].map(([, name = '']) => name))
}

test('the help lists every command of the reference in one line each, and names more to read', async () => {
  const { stdout, exitCode } = await runProgram(['--help'])

  assert.deepEqual(new Set(listedCommands(stdout)), new Set([...documentedCommands(), 'version', 'help']))
  assert.match(stdout, /sallyport help exit-codes/)
  assert.equal(exitCode, exitCodes.ok)
})

test('commands stand under headings, what is asked for most first and what begins a server after it', async () => {
  const { stdout } = await runProgram(['--help'])

  const headings = [...stdout.matchAll(/^([A-Z][^:\n]*):\n/gm)].map(([, heading]) => heading)
  assert.deepEqual(headings, [
    'Options',
    'Who may call what',
    'Credentials',
    'People',
    'Tenant',
    'Running a server',
    'This machine',
    'More',
  ])
  assert.match(stdout, /^Credentials:\n {2}pat .+\n {2}client /m)
})

test('the options of a command stand above those that others have, too', async () => {
  const { stdout } = await runProgram(['help', 'pat', 'list'])

  const headings = [...stdout.matchAll(/^([A-Z][a-z]+):\n/gm)].map(([, heading]) => heading)
  assert.deepEqual(headings.slice(0, 3), ['Options', 'Server', 'Output'])
  assert.match(stdout, /^Options:\n {2}--owner <id> /m)
})

test('every command that is listed has a help of its own, which fits a terminal', async () => {
  const commands = listedCommands((await runProgram(['help'])).stdout)

  for (const command of commands) {
    const asked = await runProgram(['help', command])
    const flagged = await runProgram([command, '--help'])

    assert.match(asked.stdout, new RegExp(`^Usage: sallyport ${command} `))
    assert.equal(flagged.stdout, asked.stdout)
    assert.deepEqual([asked.stderr, asked.exitCode, flagged.exitCode], ['', 0, 0])
    const tooLong = asked.stdout.split('\n').filter((line) => line.length > 110)
    assert.deepEqual(tooLong, [], command)
  }
})

test('help goes down to what a command consists of', async () => {
  const { stdout } = await runProgram(['help', 'tenant', 'create'])

  assert.match(stdout, /^Usage: sallyport tenant create \[options\] <name>$/m)
})

test('help exit-codes prints the table', async () => {
  const { stdout, exitCode } = await runProgram(['help', 'exit-codes'])

  assert.deepEqual([stdout, exitCode], [renderExitCodes(), 0])
})

test('the version is that of the package, as a flag and as a command', async () => {
  for (const args of [['--version'], ['-V'], ['version']])
    assert.deepEqual(await runProgram(args), { stdout: `${manifest.version}\n`, stderr: '', exitCode: 0 })
})

test('a word that is no command, topic or flag gets the nearest one, and exit code 2', async () => {
  const cases: [string[], RegExp][] = [
    [['serv'], /^error: unknown command 'serv'\n\(Did you mean serve\?\)\n/],
    [['tenant', 'creat', 'x'], /^error: unknown command 'creat'\n\(Did you mean create\?\)\n/],
    [['serve', '--prot', '1'], /^error: unknown option '--prot'\n\(Did you mean --port\?\)\n/],
    [['help', 'exit-code'], /^error: no help for exit-code; did you mean exit-codes\?\n/],
    [['help', 'tenant', 'drop'], /^error: no help for drop; known are create, list, /],
    [['apply'], /^error: required option '-f, --file <file>' not specified\n/],
    [['tenant', 'create'], /^error: missing required argument 'name'\n/],
  ]

  for (const [args, expected] of cases) {
    const { stdout, stderr, exitCode } = await runProgram(args)

    assert.match(stderr, expected)
    assert.match(stderr, /Run sallyport (--help for what there is|help [a-z ]+ for what it takes)\.\n$/)
    assert.deepEqual([stdout, exitCode], ['', exitCodes.usage])
  }
})

test('a mistake names the help of the very command', async () => {
  const { stderr } = await runProgram(['pat', 'create', '--nver', 'x'])

  assert.match(stderr, /^error: unknown option '--nver'\n\(Did you mean --never\?\)\n/)
  assert.match(stderr, /Run sallyport help pat create for what it takes\.\n$/)
})

test('a value that an option does not have is a mistake, and those that it has are told', async () => {
  const { stderr, exitCode } = await runProgram(['matrix', '--context', 'users'])

  assert.match(stderr, /Allowed choices are user, user-or-application, application, any-token, public, denied\./)
  assert.equal(exitCode, exitCodes.usage)
})

test('without a command the help goes to standard error, and it is a mistake', async () => {
  const { stdout, stderr, exitCode } = await runProgram([])

  assert.match(stderr, /^Usage: sallyport /)
  assert.deepEqual([stdout, exitCode], ['', exitCodes.usage])
})

test('a flag of a command is not taken for one of the program', async () => {
  const { stderr, exitCode } = await runProgram(['matrix', '--version', 'v3'])

  assert.match(stderr, /^You are not signed in\./)
  assert.equal(exitCode, exitCodes.credential)
})
