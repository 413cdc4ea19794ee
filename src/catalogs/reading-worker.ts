import { parentPort, workerData } from 'node:worker_threads'
import { DomainError } from '../errors.ts'
import { readDocument } from './document/read-document.ts'
import { readOperations } from './document/read-operations.ts'
import type { ReadingAnswer, ReadingJob } from './reading-thread.ts'

// Runs in a thread of its own, once for each document; see `ReadingThread`.
parentPort?.postMessage(answer(workerData as ReadingJob)) // What `ReadingThread` starts it with.

function answer({ document, file, reading }: ReadingJob): ReadingAnswer {
  try {
    const { name: catalog, prefix, schemes, isSample } = reading
    const parsed = readDocument(Buffer.from(document), file)
    const { operations, notes } = readOperations(parsed, { catalog, prefix, schemes })
    return { operations, notes, ...(isSample && { document: parsed }) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { code: error.code, message: error.message } // A thread hands on no classes.
  }
}
