import { Worker } from 'node:worker_threads'
import type { Operation } from '../access/policy.ts'
import { DomainError, type DomainErrorCode } from '../errors.ts'
import type { CatalogReading } from './catalog-reading.ts'
import type { ImportNote } from './document/import-note.ts'
import type { OpenApiDocument } from './document/read-document.ts'

/** A document to be read, and what it is called in errors. */
export interface ReadingJob {
  readonly reading: CatalogReading
  readonly document: Uint8Array
  readonly file: string
}

/** What a document holds; the document itself only for a sample. */
export interface ReadDocument {
  readonly operations: readonly Operation[]
  readonly notes: readonly ImportNote[]
  readonly document?: OpenApiDocument
}

/** Or what is wrong with it. */
export type ReadingAnswer = ReadDocument | { readonly code: DomainErrorCode; readonly message: string }

/**
 * Reads documents beside the event loop: one of megabytes takes a tenth of a second as JSON and seconds as YAML, in which
 * nobody else would be served. One document at a time, so that many imports at once take the memory of one.
 */
export class ReadingThread {
  #last: Promise<unknown> = Promise.resolve()

  /** @throws DomainError `invalid` as `CatalogReader.read` does. */
  async read(job: ReadingJob): Promise<ReadDocument> {
    const mine = this.#last.catch(() => {}).then(() => readInThread(job))
    this.#last = mine
    const answer = await mine
    if ('code' in answer) throw new DomainError(answer.code, answer.message)
    return answer
  }
}

function readInThread(job: ReadingJob): Promise<ReadingAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadingAnswer>()
  const worker = new Worker(new URL('./reading-worker.ts', import.meta.url), { workerData: job })
  worker.unref() // A server that stops does not wait for it.
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', () => reject(new Error('the reading of a document ended without an answer')))
  return promise
}
