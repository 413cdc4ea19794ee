import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from 'commander'
import { runCommandLine } from '../../../test/support/command-line.ts'
import { DomainError, OperatorError } from '../../errors.ts'
import { WrittenMistakes } from './failure.ts'
import type { Io } from './io.ts'
import { addOutputOptions, type OutputOptions, outputFormat, printRows, runCommand } from './output.ts'

const rows = [
  ['ci', 'a long name', 'x'],
  ['nightly', 'b', ''],
]

function registerList(program: Command, io: Io): void {
  addOutputOptions(program.command('list')).action((options: OutputOptions) =>
    runCommand(io, options, () => printRows(io, rows, outputFormat(options, io))),
  )
}

test('rows are aligned on a terminal and separated by tabs elsewhere', async () => {
  const terminal = await runCommandLine(registerList, ['list'], { isTty: true })
  const pipe = await runCommandLine(registerList, ['list'])

  assert.equal(terminal.stdout, 'ci       a long name  x\nnightly  b\n')
  assert.equal(pipe.stdout, 'ci\ta long name\tx\nnightly\tb\t\n')
})

test('the option wins over SALLYPORT_OUTPUT, which wins over the terminal', async () => {
  const env = { SALLYPORT_OUTPUT: 'table' }

  const byVariable = await runCommandLine(registerList, ['list'], { env })
  const byOption = await runCommandLine(registerList, ['list', '-o', 'tsv'], { env, isTty: true })

  assert.match(byVariable.stdout, /^ci {7}a/)
  assert.match(byOption.stdout, /^ci\ta/)
})

/** Runs a command that fails with this error. */
function runFailing(error: unknown, ...flags: string[]) {
  const register = (program: Command, io: Io) => {
    addOutputOptions(program.command('fail')).action((options: OutputOptions) =>
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what is thrown is the case
      runCommand(io, options, () => Promise.reject(error)),
    )
  }
  return runCommandLine(register, ['fail', ...flags])
}

test('mistakes in what the operator wrote are printed a line each, and end with exit code 2', async () => {
  const mistakes = new WrittenMistakes(['--port: a is not a port', '--host: b is not a host'])

  const { stdout, stderr, exitCode } = await runFailing(mistakes)

  assert.deepEqual([stdout, stderr, exitCode], ['', '--port: a is not a port\n--host: b is not a host\n', 2])
})

test('what the machine does not give ends with exit code 1', async () => {
  const inUse = await runFailing(new OperatorError('Port 80 is in use.'))
  const refused = await runFailing(Object.assign(new Error('permission denied, open x'), { code: 'EACCES' }))

  assert.deepEqual([inUse.stderr, inUse.exitCode], ['Port 80 is in use.\n', 1])
  assert.deepEqual(
    [refused.stderr, refused.exitCode],
    ['The machine or the database refused: permission denied, open x (EACCES)\n', 1],
  )
})

test('a refusal in terms of the domain has the exit code of its kind', async () => {
  const codes = ['not_found', 'conflict', 'invalid', 'forbidden'] as const

  const results = await Promise.all(codes.map((code) => runFailing(new DomainError(code, 'No.'))))

  assert.deepEqual(
    results.map(({ exitCode }) => exitCode),
    [6, 9, 2, 5],
  )
  assert.deepEqual(new Set(results.map(({ stderr }) => stderr)), new Set(['No.\n']))
})

test('where JSON was asked for, a failure is JSON on standard error', async () => {
  const { stdout, stderr } = await runFailing(new DomainError('conflict', 'The name is taken.'), '--json')

  assert.equal(stdout, '')
  assert.deepEqual(JSON.parse(stderr), { error: { code: 'conflict', message: 'The name is taken.' } })
})

test('what nobody foresaw is thrown on', async () => {
  await assert.rejects(runFailing(new RangeError('surprise')), /surprise/)
})
