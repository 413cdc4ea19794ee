import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** An OpenAPI document, as far as it is read here. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly responses?: Readonly<Record<string, PublishedResponse>> }
}

/** What is said of an answer with one status. */
export interface PublishedResponse {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, { schema?: object }>>
}

/** What a document says of an operation. */
export interface Operation {
  readonly responses: Readonly<Record<string, PublishedResponse>>
}

/** An operation, and where its answers are described. */
export interface PublishedOperation {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** The documents of a folder, by the version that their name says. */
export function readPublished(directory: string): { version: string; document: Document }[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const [, version, gz] = /^sailpoint-([a-z0-9]+)\.json(\.gz)?$/.exec(name) ?? []
      if (version === undefined) return []
      const bytes = readFileSync(join(directory, name))
      // Whoever runs this vouches for the file; a document of another shape fails in what follows.
      return [{ version, document: JSON.parse((gz ? gunzipSync(bytes) : bytes).toString()) as Document }]
    })
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete'])

/** Every operation of a document, its path without parameters' names: `/auth-users/{}`. */
export const operationsOf = ({ paths }: Document): PublishedOperation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path: nameless(path), operation })),
  )

/** A templated path without the names of its parameters. */
export const nameless = (path: string): string => path.replaceAll(/\{[^}]+\}/g, '{}')
