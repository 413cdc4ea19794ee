import { basename, dirname, join } from 'node:path/posix'
import type { Problem } from '../problem.ts'
import { importsOf, lineOf, type Module } from '../syntax.ts'

/**
 * The folders and files of src/, lowest first. A file may import its own folder and any row above its own in this
 * list; neighbours in a row do not know each other.
 */
export const rows = [
  ['errors.ts', 'clock.ts', 'bounded-cache.ts', 'oauth'],
  ['config', 'database'],
  ['access'],
  ['request-context.ts', 'write-behind.ts'],
  ['http', 'audit'],
  ['change-log', 'collections'],
  ['tenants', 'keys'],
  ['revocations', 'rate-limits', 'mail'],
  ['front-door'],
  ['user-levels'],
  ['identities', 'credentials'],
  ['oauth-clients', 'personal-access-tokens'],
  ['sign-in'],
  ['authorization-codes'],
  ['authorize', 'token', 'janitor'],
  ['catalogs'],
  ['admission'],
  ['explain', 'matrix', 'inventory', 'api-reference', 'settings'],
  ['usage', 'credential-management'],
  ['succession', 'right-size', 'expiry-notices'],
  ['people'],
  ['gateway', 'denials'],
  ['operations', 'live-log', 'audit-events'],
  ['tenant-file'],
  ['installation.ts'],
  ['services'],
  ['entrance.ts', 'own-routes.ts', 'gate-listeners.ts'],
  ['mount.ts'],
  ['app.ts'],
  ['server.ts', 'demo.ts'],
  ['cli'],
]

const rowOf = new Map(rows.flatMap((row, index) => row.map((name) => [name, index] as const)))

/** The part of src/ that has a row: the folder right below src/, or the file itself when it lies there. */
export function placeOf(path: string): string {
  return path.split('/')[1] ?? path
}

/** Files whose exports only their own folder may use: `store.ts`, `code-store.ts`. */
export function isStore(path: string): boolean {
  return /^(?:.+-)?store\.ts$/.test(basename(path))
}

/** Refuses imports that go down the list of rows, sideways within one, into a store, or out of src/. */
export function checkRows(module: Module): Problem[] {
  const from = placeOf(module.path)
  if (!rowOf.has(from)) return [unknownPlace(module.path, from)]
  return importsOf(module)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .flatMap(({ specifier, statement }) => {
      const message = objection(from, join(dirname(module.path), specifier))
      return message === undefined ? [] : [{ path: module.path, line: lineOf(module, statement), message }]
    })
}

function unknownPlace(path: string, place: string): Problem {
  return { path, line: 0, message: `${place} has no row yet: give it one in tools/boundaries/rows.ts` }
}

function objection(from: string, target: string): string | undefined {
  if (!target.startsWith('src/')) return `imports ${target}, which is outside src/`
  const to = placeOf(target)
  if (from === to) return undefined
  const [fromRow, toRow] = [rowOf.get(from), rowOf.get(to)]
  if (fromRow === undefined || toRow === undefined) return `imports ${to}, which has no row in tools/boundaries/rows.ts`
  if (toRow === fromRow) return `${from} and ${to} are neighbours in a row: take a function from app.ts instead`
  if (toRow > fromRow) return `${from} may not import ${to}, which is built on it: take a function from app.ts instead`
  if (isStore(target)) return `${target} is private to ${to}: use one of its operations`
  return undefined
}
