/** Somewhere text goes. */
export interface TextSink {
  write(text: string): unknown
}

/** What a command sees of the world, so that tests can stand in for it. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean }
  /** Data alone. */
  readonly stdout: TextSink
  /** Words for people: errors, hints, progress. */
  readonly stderr: TextSink
  readonly env: NodeJS.ProcessEnv
  /** Does standard output go to a terminal? */
  readonly isTty: boolean
  readonly nowMs: () => number
  readonly setExitCode: (code: number) => void
}

/** The world as it is. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    isTty: process.stdout.isTTY === true,
    nowMs: Date.now,
    setExitCode: (code) => {
      process.exitCode = code
    },
  }
}
