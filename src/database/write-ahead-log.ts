import { type FileHandle, open } from 'node:fs/promises'

/**
 * The write-ahead log of a SQLite file that is open: everything committed is in it, or was. SQLite deletes it only when
 * its last connection closes, and locks nothing of it, so that it may be opened beside SQLite.
 */
export class WriteAheadLog {
  readonly #path: string
  #file: FileHandle | undefined

  constructor(databaseFile: string) {
    this.#path = `${databaseFile}-wal`
  }

  /** Everything committed before this call is on the disk when it returns. Another thread waits; one call at a time. */
  async sync(): Promise<void> {
    this.#file ??= await open(this.#path, 'r')
    await this.#file.datasync()
  }

  async close(): Promise<void> {
    await this.#file?.close()
  }
}
