/** The upgraded connections that are open, so that the server can end them when it stops. */
export class Tunnels {
  readonly #cuts = new Set<() => void>()
  #isClosing = false

  get open(): number {
    return this.#cuts.size
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Keeps what cuts a tunnel; answers what forgets it again. */
  add(cut: () => void): () => void {
    this.#cuts.add(cut)
    return () => void this.#cuts.delete(cut)
  }

  close(): void {
    this.#isClosing = true
    for (const cut of this.#cuts) cut()
  }
}
