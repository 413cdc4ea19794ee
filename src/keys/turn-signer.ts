import { createSign, type KeyObject } from 'node:crypto'

interface Waiting {
  privateKey: KeyObject
  input: string
  resolve: (token: string) => void
  reject: (error: unknown) => void
}

/** So many signatures block the event loop for a few milliseconds at most; the rest wait for the next turn. */
const SIGNATURES_PER_TURN = 128

/**
 * Signs what is asked for within one turn of the event loop back to back, then answers all of it: under load this
 * halves what a signature costs, because the replies leave together. Alone, a signature waits for nothing.
 */
export class TurnSigner {
  readonly #waiting: Waiting[] = []

  /** Answers `input.signature`, the compact JWS over `header.payload` (ES256, RFC 7518 §3.4). */
  sign(privateKey: KeyObject, input: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ privateKey, input, resolve, reject }) === 1) setImmediate(() => this.#signTurn())
    })
  }

  #signTurn(): void {
    const turn = this.#waiting.splice(0, SIGNATURES_PER_TURN)
    if (this.#waiting.length > 0) setImmediate(() => this.#signTurn())
    const settled: (() => void)[] = []
    for (const { privateKey, input, resolve, reject } of turn) {
      try {
        // A joined string is flat, and JSON is written from flat strings in half the time.
        const token = [input, signEs256(privateKey, input)].join('.')
        settled.push(() => resolve(token))
      } catch (error) {
        settled.push(() => reject(error))
      }
    }
    for (const settle of settled) settle()
  }
}

const signEs256 = (key: KeyObject, input: string): string =>
  createSign('sha256').update(input, 'latin1').sign({ key, dsaEncoding: 'ieee-p1363' }, 'base64url')
