import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from 'commander'
import { runCommandLine } from '../../test/support/command-line.ts'
import { OperatorError } from '../errors.ts'
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

test('mistakes of the operator are printed a line each, and end with exit code 2', async () => {
  const register = (program: Command, io: Io) => {
    program.command('fail').action(() =>
      runCommand(io, {}, () => {
        throw new OperatorError(['--port: a is not a port', '--host: b is not a host'])
      }),
    )
  }

  const { stdout, stderr, exitCode } = await runCommandLine(register, ['fail'])

  assert.deepEqual([stdout, stderr, exitCode], ['', '--port: a is not a port\n--host: b is not a host\n', 2])
})

test('what nobody foresaw is thrown on', async () => {
  const register = (program: Command, io: Io) => {
    program.command('fail').action(() => runCommand(io, {}, () => Promise.reject(new RangeError('surprise'))))
  }

  await assert.rejects(runCommandLine(register, ['fail']), /surprise/)
})
