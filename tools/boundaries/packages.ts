import { basename } from 'node:path/posix'
import type { Problem } from '../problem.ts'
import { importsOf, lineOf, type Module } from '../syntax.ts'
import { placeOf } from './rows.ts'

/** The two lists of package.json that say what may be imported. */
export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

const HTTP = /^(?:fastify|undici|@fastify\/.+|node:(?:http|https|http2|net|tls))$/
/** The framework and its plugins; the multipart parser only shares their name. */
const FASTIFY = /^(?:fastify|@fastify\/(?!busboy$).+)$/
const SQL = /^(?:kysely|pg|better-sqlite3|node:sqlite)$/

/** Places that decide and therefore know neither how they were asked nor where the facts lie. */
const PURE_PLACES = new Set(['access', 'oauth', 'errors.ts', 'clock.ts'])
/** Places that are about HTTP as a whole; everywhere else only route and plugin files speak Fastify. */
const FASTIFY_PLACES = new Set(['http', 'gateway', 'mount.ts', 'app.ts', 'server.ts'])
const FASTIFY_FILES = /^(?:.+-)?(?:routes|plugin)\.ts$/

/** Refuses packages that package.json does not list, and development packages in the product. */
export function checkListed(module: Module, manifest: Manifest): Problem[] {
  const isProduct = module.path.startsWith('src/') && !module.path.endsWith('.test.ts')
  return packageImports(module).flatMap(({ name, line }) => {
    if (name.startsWith('node:') || Object.hasOwn(manifest.dependencies, name)) return []
    if (!isProduct && Object.hasOwn(manifest.devDependencies, name)) return []
    const list = isProduct ? 'dependencies' : 'dependencies or devDependencies'
    return [
      { path: module.path, line, message: `${name} is not in the ${list} of package.json: npm run add -- ${name}` },
    ]
  })
}

/** Refuses HTTP and SQL where the rules live, and Fastify in operation files. */
export function checkSpeech(module: Module): Problem[] {
  const place = placeOf(module.path)
  return [...packageImports(module), ...databaseImports(module)].flatMap(({ name, line }) => {
    const message = objection(module.path, place, name)
    return message === undefined ? [] : [{ path: module.path, line, message }]
  })
}

function objection(path: string, place: string, name: string): string | undefined {
  if (PURE_PLACES.has(place)) {
    if (HTTP.test(name)) return `${place} knows no HTTP: it may not import ${name}`
    if (SQL.test(name) || name === DATABASE) return `${place} knows no SQL: it may not import ${name}`
  }
  if (FASTIFY.test(name) && !FASTIFY_PLACES.has(place) && !FASTIFY_FILES.test(basename(path))) {
    return `only routes.ts and plugin.ts files, http/ and gateway/ may import ${name}: take plain values instead`
  }
  return undefined
}

const DATABASE = 'src/database'

function databaseImports(module: Module): { name: string; line: number }[] {
  return importsOf(module)
    .filter(({ specifier }) => /^\.\.?\/(?:.*\/)?database\//.test(specifier))
    .map(({ statement }) => ({ name: DATABASE, line: lineOf(module, statement) }))
}

function packageImports(module: Module): { name: string; line: number }[] {
  return importsOf(module)
    .filter(({ specifier }) => !specifier.startsWith('.'))
    .map(({ specifier, statement }) => ({ name: packageName(specifier), line: lineOf(module, statement) }))
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}
