import { createInterface } from 'node:readline/promises'
import { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { CliFailure, usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'

/**
 * The secret that standard input holds in its first line; a terminal is asked for it, and does not show it.
 * @throws CliFailure for an empty one, and for whoever thinks better of it.
 */
export async function readSecret(io: Io): Promise<string> {
  const { stdin } = io
  const secret = stdin.isTTY ? await ask(io) : firstLine(await text(stdin as AsyncIterable<Uint8Array>))
  if (secret !== '') return secret
  throw usageFailure(
    'There is no secret.',
    'It is read from standard input: as an argument it would stay in the history of the shell.',
    'For example: sallyport profile add prod https://acme.api.example.com --client-id ID < secret.txt',
  )
}

const firstLine = (all: string): string => (all.split(/\r?\n/, 1)[0] ?? '').trim()

async function ask({ stdin, stderr }: Io): Promise<string> {
  if (!(stdin instanceof Readable)) return ''
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: silent, terminal: true })
  const given = Promise.withResolvers<string>()
  lines.once('SIGINT', () => given.reject(interrupted()))
  lines.once('close', () => given.resolve(''))
  stderr.write('Secret (not shown): ')
  try {
    return (await Promise.race([lines.question(''), given.promise])).trim()
  } finally {
    lines.close()
    stderr.write('\n')
  }
}

const interrupted = (): CliFailure =>
  new CliFailure({
    exit: 'interrupted',
    code: 'interrupted',
    what: 'Nothing was stored.',
    why: 'You stopped it.',
    fix: 'Begin again when you have the secret.',
  })
