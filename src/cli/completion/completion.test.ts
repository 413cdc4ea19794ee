import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { runProgram } from '../../../test/support/command-line.ts'
import { exitCodes } from '../terminal/exit-codes.ts'

/** What bash offers for a line that is typed so far. */
async function offered(line: string): Promise<string[]> {
  const { stdout: script } = await runProgram(['completion', 'bash'])
  const words = line.split(' ')
  const asking = `COMP_WORDS=("\${@:2}"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _sallyport; printf '%s\\n' "\${COMPREPLY[@]}"`
  const answer = execFileSync('bash', ['-c', `eval "$1"; ${asking}`, 'bash', script, ...words], { encoding: 'utf8' })
  return answer.split('\n').filter((word) => word !== '')
}

test('bash is offered the commands that begin as what is typed', async () => {
  assert.deepEqual(await offered('sallyport cre'), ['credential'])
  assert.deepEqual(await offered('sallyport pat '), ['list', 'create', 'edit', 'delete', 'rotate', 'help'])
  assert.deepEqual(await offered('sallyport credential shadow s'), ['start', 'show'])
})

test('bash is offered the options of the very command, and none of others', async () => {
  assert.deepEqual(await offered('sallyport pat list --o'), ['--output', '--owner'])
  assert.deepEqual(await offered('sallyport pat --o'), [])
  assert.deepEqual(await offered('sallyport pat list --owner all --j'), ['--json'])
})

test('bash completes the value of an option with files alone, and finds its way past it', async () => {
  assert.deepEqual(await offered('sallyport apply --file se'), [])
  assert.deepEqual(await offered('sallyport tenant list --data pat --js'), ['--json'])
})

test('what is typed is never run', async () => {
  assert.deepEqual(await offered('sallyport pat $(exit) --'), await offered('sallyport pat --'))
})

for (const shell of ['bash', 'zsh', 'fish'])
  test(`the script for ${shell} names every command, and goes to standard output alone`, async () => {
    const { stdout, stderr, exitCode } = await runProgram(['completion', shell])

    for (const words of ['succession', 'right-size', 'shadow', 'restored', 'set-password'])
      assert.ok(stdout.includes(words))
    assert.deepEqual([stderr, exitCode], ['', exitCodes.ok])
  })

test('another shell is told which there are', async () => {
  const { stdout, stderr, exitCode } = await runProgram(['completion', 'powershell'])

  assert.match(stderr, /^There is no completion for powershell\.\nThere is one for bash, zsh, fish\.\n/)
  assert.deepEqual([stdout, exitCode], ['', exitCodes.usage])
})
