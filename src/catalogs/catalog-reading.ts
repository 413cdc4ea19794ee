import { hash } from 'node:crypto'
import type { SchemeContexts } from './document/read-alternative.ts'

/** A document by its digest, and how it is taken. */
export interface CatalogReading {
  readonly name: string
  readonly prefix: string
  readonly schemes: SchemeContexts
  readonly isSample: boolean
  /** SHA-256 (hex) of the document. */
  readonly digest: string
}

const digests = new WeakMap<Buffer, string>()

/** The digest of a document, as catalogs are stored with it; worked out once. */
export function digestOf(document: Buffer): string {
  let digest = digests.get(document)
  if (digest === undefined) digests.set(document, (digest = hash('sha256', document)))
  return digest
}
