import { fromStoredJson } from '../database/stored-json.ts'
import type { Upstream } from './catalog.ts'
import type { CatalogReading } from './catalog-reading.ts'
import type { CatalogHead } from './store.ts'

/** How the document of a stored catalog is read. */
export function storedReading({ name, prefix, schemes, upstream, document_digest }: CatalogHead): CatalogReading {
  const isSample = fromStoredJson<Upstream>(upstream).kind === 'sample'
  return { name, prefix, schemes: fromStoredJson(schemes), isSample, digest: document_digest }
}
