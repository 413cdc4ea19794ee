import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from 'commander'
import { runProgram } from '../../test/support/command-line.ts'
import { examples } from './examples.ts'
import { makeProgram } from './program.ts'
import { processIo } from './terminal/io.ts'

/** Every command that does something, by the words that lead to it. */
function doingCommands(command: Command, path: string): [string, Command][] {
  if (command.commands.length === 0) return [[path, command]]
  return command.commands.flatMap((each) => doingCommands(each, `${path} ${each.name()}`.trim()))
}

const commands = new Map(doingCommands(await makeProgram(processIo(), () => true), ''))

/** The words of a line up to where the shell takes over. */
function wordsOf(line: string): string[] {
  const [, ours = ''] = /(?:^|[(| ])sallyport (.*?)(?: [<>|&].*|\))?$/.exec(line) ?? []
  return [...ours.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

test('every command has examples, and no other has any', () => {
  assert.deepEqual([...examples.keys()].toSorted(), [...commands.keys()].toSorted())
})

for (const [path, lines] of examples)
  test(`${path}: the examples are of this command, with arguments and options that it takes`, () => {
    for (const line of lines) {
      const words = wordsOf(line)
      const command = commands.get(path)
      const { operands, unknown } = command?.parseOptions(words.slice(path.split(' ').length)) ?? {}

      assert.equal(words.slice(0, path.split(' ').length).join(' '), path, line)
      assert.deepEqual(unknown, [], line)
      const [needed, most] = [
        command?.registeredArguments.filter(({ required }) => required).length ?? 0,
        command?.registeredArguments.some(({ variadic }) => variadic) ? 99 : command?.registeredArguments.length,
      ]
      assert.ok((operands?.length ?? -1) >= needed && (operands?.length ?? 99) <= (most ?? 0), line)
    }
  })

test('help shows the examples of a command, and of a group the first of each command in it', async () => {
  const { stdout: one } = await runProgram(['help', 'pat', 'create'])
  const { stdout: all } = await runProgram(['pat', '--help'])

  assert.match(one, /\nExamples:\n {2}sallyport pat create nightly .+\n {2}sallyport pat create ci .+\n$/)
  assert.equal(all.match(/^ {2}sallyport pat /gm)?.length, 5)
})
