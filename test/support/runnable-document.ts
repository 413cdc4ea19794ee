import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { promisify } from 'node:util'

/** A block of shell commands in a document, and what the document says it prints. */
export interface RunnableBlock {
  /** Where it stands, for people: `docs/guide/rotation.md:12`. */
  readonly place: string
  readonly commands: string
  /** Undefined where the document shows no output; `...` stands for anything. */
  readonly expected: string | undefined
}

const BLOCK = /^```sh\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```$)?/gm

/** The shell blocks of a Markdown file, each with the `text` block right below it. */
export function readRunnableBlocks(file: string, root: string): RunnableBlock[] {
  const markdown = readFileSync(file, 'utf8')
  return [...markdown.matchAll(BLOCK)].map(({ 1: commands = '', 2: expected, index }) => ({
    place: `${relative(root, file)}:${markdown.slice(0, index).split('\n').length}`,
    commands,
    expected,
  }))
}

/** How a block ended, and what it printed to either stream. */
export interface BlockResult {
  readonly printed: string
  readonly exitCode: number
}

const TIMEOUT_MS = 100_000

/** Runs the blocks in one shell, as somebody would who pastes one after the other, and answers what each did. */
export async function runBlocks(
  blocks: readonly RunnableBlock[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): Promise<BlockResult[]> {
  const mark = `--- block ended ${process.pid}`
  const script = blocks.map(({ commands }) => `${commands}\nprintf '\\n%s %s\\n' '${mark}' "$?"\n`).join('')
  const options = { cwd, env: { ...env, PATH: process.env['PATH'] ?? '' }, timeout: TIMEOUT_MS }
  const { stdout } = await promisify(execFile)('bash', ['-c', `exec 2>&1\n${script}`], options)
  const ends = [...stdout.matchAll(new RegExp(`\\n${mark} (\\d+)\\n`, 'g'))]
  return ends.map(({ 1: exitCode, index }, position) => {
    const before = ends[position - 1]
    const start = before ? before.index + before[0].length : 0
    return { printed: stdout.slice(start, index), exitCode: Number(exitCode) }
  })
}

/** Does what was printed read as the document says? */
export function matchesExpected(printed: string, expected: string): boolean {
  const pattern = expected
    .trim()
    .split('...')
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?')
  return new RegExp(`^${pattern}$`).test(printed.trim())
}
