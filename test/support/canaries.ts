import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Secrets that are planted where people send them by mistake, to be looked for afterwards. */
export class Canaries {
  readonly #planted = new Map<string, string>()

  /** A new secret, of 64 hexadecimal characters; `place` says where it is planted. */
  plant(place: string): string {
    return this.watch(place, randomBytes(32).toString('hex'))
  }

  /** Looks for this text too. */
  watch(place: string, text: string): string {
    this.#planted.set(place, text)
    return text
  }

  /** Where secrets turned up: `the query in sallyport.db, as base64`. */
  foundIn(texts: ReadonlyMap<string, string>): string[] {
    return [...this.#planted].flatMap(([place, secret]) =>
      disguisesOf(secret).flatMap(([disguise, text]) =>
        [...texts]
          .filter(([, contents]) => contents.includes(text))
          .map(([name]) => `${place} in ${name}, as ${disguise}`),
      ),
    )
  }
}

/** A text as it may be written down: every piece is long enough to be no coincidence. */
function disguisesOf(secret: string): [disguise: string, text: string][] {
  const half = Math.floor(secret.length / 2)
  return [
    ['it is', secret],
    ['its first half', secret.slice(0, half)],
    ['its second half', secret.slice(half)],
    ['itself in a URL', encodeURIComponent(secret)],
    ['hexadecimal', Buffer.from(secret).toString('hex')],
    ['its bytes', Buffer.from(secret, 'hex').toString('latin1')],
    ...[0, 1, 2].flatMap((offset) => [
      [`base64 at ${offset}`, base64Within(secret, offset, 'base64')] as [string, string],
      [`base64url at ${offset}`, base64Within(secret, offset, 'base64url')] as [string, string],
    ]),
  ].filter((pair): pair is [string, string] => (pair[1] ?? '').length >= 16)
}

/** What base64 makes of a text that begins at this offset in something longer: `id:secret`, for one. */
function base64Within(text: string, offset: number, encoding: 'base64' | 'base64url'): string {
  const encoded = Buffer.from('x'.repeat(offset) + text).toString(encoding)
  return encoded.slice(offset === 0 ? 0 : 4, -4)
}

/** The bytes of every file below a directory, as text of one character each. */
export function filesBelow(directory: string): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(files.map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), 'latin1')]))
}
