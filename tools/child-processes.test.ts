import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { ChildProcesses } from './child-processes.ts'

test('a failing program answers its exit code and what it printed on both streams', async () => {
  const program = "console.log('out'); console.error('err'); process.exitCode = 3"

  const { exitCode, output } = await new ChildProcesses().run(['-e', program])

  assert.equal(exitCode, 3)
  assert.deepEqual(output.trim().split('\n').sort(), ['err', 'out'])
})

/** A program that starts another which lives on and holds its output open; it does `next` once that runs. */
function programWithGrandchild(next: string): string {
  return `
    const grandchild = require('node:child_process').spawn('sleep', ['600'], { stdio: 'inherit' })
    grandchild.once('spawn', () => { ${next} })`
}

test('what a program leaves running ends with it', async () => {
  const { exitCode } = await new ChildProcesses().run(['-e', programWithGrandchild('process.exit(0)')])

  assert.equal(exitCode, 0)
})

test('an interrupted runner ends its programs and what they started, and says so by its exit code', async () => {
  const program = programWithGrandchild("console.log('running'); setInterval(() => {}, 1000)")
  const runner = spawn(process.execPath, ['--input-type=module', '-e', runnerOf(program)])
  await once(runner.stdout, 'data')

  runner.kill('SIGTERM')

  // Its output closes when the last process that holds it has ended.
  assert.deepEqual(await once(runner, 'close'), [143, null])
})

function runnerOf(program: string): string {
  return `
    const { ChildProcesses, Interrupted } = await import(${JSON.stringify(import.meta.resolve('./child-processes.ts'))})
    const children = new ChildProcesses()
    children.endWithThisProcess()
    await children.run(['-e', ${JSON.stringify(program)}], { showOutput: true }).catch((error) => {
      if (!(error instanceof Interrupted)) throw error
    })`
}
