import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { LENGTH_OF_ISC } from './sizes.ts'

/** A catalog entry of a tenant file, and the document to write beside it where it is made here. */
export interface BenchCatalog {
  entry: { name: string; file: string; prefix: string }
  document?: object
}

/** What is loaded, and the path that is asked for. */
export interface BenchApi {
  catalogs: BenchCatalog[]
  path: string
}

const ID = '2c91808568c529c60168cca6f90c1313'

/** The documents `...-v3.json.gz` and so on of a directory, each under the prefix that its name ends in. */
export function documentsIn(directory: string): BenchApi {
  const files = readdirSync(directory).filter((name) => /\.(?:json|ya?ml)(?:\.gz)?$/.test(name))
  if (files.length === 0) throw new Error(`There is no OpenAPI document in ${directory}.`)
  const catalogs = files.map((name) => {
    const version = /-(v\d+|beta)\./.exec(name)?.[1] ?? name.replace(/\..*$/, '')
    return { entry: { name: version, file: join(directory, name), prefix: `/${version}` } }
  })
  return { catalogs, path: `/v3/access-profiles/${ID}` }
}

/** A document of as many operations as ISC's three have together. */
export function generatedDocument(operations = LENGTH_OF_ISC): BenchApi {
  const entry = { name: 'generated', file: 'generated.openapi.json', prefix: '/v3' }
  return { catalogs: [{ entry, document: documentOf(operations) }], path: `/v3/resources-40/${ID}` }
}

const SHAPES = [
  ['', 'get'],
  ['', 'post'],
  ['/{id}', 'get'],
  ['/{id}', 'put'],
  ['/{id}', 'delete'],
  ['/{id}/members', 'get'],
  ['/{id}/members/{memberId}', 'get'],
] as const

function documentOf(operations: number): object {
  const paths: Record<string, Record<string, object>> = {}
  for (let at = 0; at < operations; at += 1) {
    const [suffix, method] = SHAPES[at % SHAPES.length] ?? ['', 'get']
    const resource = Math.floor(at / SHAPES.length)
    const path = (paths[`/resources-${resource}${suffix}`] ??= {})
    path[method] = {
      operationId: `${method}${at}`,
      security: [{ userAuth: [`bench:resource-${resource}:${method === 'get' ? 'read' : 'manage'}`] }],
      'x-sailpoint-userLevels': ['ORG_ADMIN', 'SOURCE_ADMIN'],
      responses: { 200: { description: 'ok' } },
    }
  }
  const userAuth = { type: 'http', scheme: 'bearer' }
  return {
    openapi: '3.0.3',
    info: { title: 'generated', version: '1' },
    paths,
    components: { securitySchemes: { userAuth } },
  }
}
