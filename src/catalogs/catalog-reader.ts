import { LRUCache } from 'lru-cache'
import type { Operation } from '../access/policy.ts'
import type { CatalogReading } from './catalog-reading.ts'
import type { ImportNote } from './document/import-note.ts'
import { isGzipped, readDocument } from './document/read-document.ts'
import { readOperations } from './document/read-operations.ts'
import { ReadingThread } from './reading-thread.ts'
import { buildSample, type Sample } from './sample/build-sample.ts'

/** What a document holds. */
export interface ReadCatalog {
  readonly operations: readonly Operation[]
  readonly notes: readonly ImportNote[]
  /** Answers made of the document; undefined where there is a real upstream. */
  readonly sample: Sample | undefined
}

/** In operations. A sample holds its whole document. */
const WEIGHT_MAX = 400_000
const SAMPLE_WEIGHT = 10

/** Reading so much takes a few milliseconds. A small gzip file may hold much more than it seems to. */
const SMALL_BYTES = 32 * 1024

const isSmall = (document: Buffer): boolean => document.length <= SMALL_BYTES && !isGzipped(document)

/** Reads documents, and remembers what it read: nobody waits for the same one twice, whatever changes around it. */
export class CatalogReader {
  readonly #known = new LRUCache<string, ReadCatalog>({
    maxSize: WEIGHT_MAX,
    sizeCalculation: ({ operations, notes, sample }) =>
      1 + (operations.length + notes.length) * (sample ? SAMPLE_WEIGHT : 1),
  })
  readonly #thread = new ReadingThread()
  readonly #underWay = new Map<string, Promise<ReadCatalog | undefined>>()

  /** What is remembered, without reading anything. */
  peek(reading: CatalogReading): ReadCatalog | undefined {
    return this.#known.get(JSON.stringify(reading))
  }

  /**
   * `file` is what the document is called in errors.
   * @throws DomainError `invalid` naming the file, the place in it and what is wrong there.
   */
  read(reading: CatalogReading, document: Buffer, file = reading.name): ReadCatalog {
    const known = this.peek(reading)
    if (known) return known
    const { name: catalog, prefix, schemes, isSample } = reading
    const parsed = readDocument(document, file)
    const { operations, notes } = readOperations(parsed, { catalog, prefix, schemes })
    return this.#remember(reading, { operations, notes, sample: isSample ? buildSample(parsed) : undefined })
  }

  /** The same without holding up the event loop: what is not small is read by a thread of its own. */
  async readApart(reading: CatalogReading, document: Buffer, file = reading.name): Promise<ReadCatalog> {
    if (isSmall(document)) return this.read(reading, document, file)
    const known = this.peek(reading)
    if (known) return known
    const { operations, notes, document: parsed } = await this.#thread.read({ reading, document, file })
    return this.#remember(reading, { operations, notes, sample: parsed && buildSample(parsed) })
  }

  #remember(reading: CatalogReading, read: ReadCatalog): ReadCatalog {
    this.#known.set(JSON.stringify(reading), read)
    return read
  }

  /** What is remembered, else read from the document that `fetch` answers, once for all who ask meanwhile. */
  async find(reading: CatalogReading, fetch: () => Promise<Buffer | undefined>): Promise<ReadCatalog | undefined> {
    const known = this.peek(reading)
    if (known) return known
    const key = JSON.stringify(reading)
    const underWay = this.#underWay.get(key) ?? this.#fetch(reading, fetch).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, underWay)
    return underWay
  }

  async #fetch(reading: CatalogReading, fetch: () => Promise<Buffer | undefined>): Promise<ReadCatalog | undefined> {
    const document = await fetch()
    return document && this.readApart(reading, document)
  }
}
