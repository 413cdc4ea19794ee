import { exitCodes } from '../terminal/exit-codes.ts'

/** A terminal sends Ctrl-C to the whole group, and npm passes it on once more: that is one wish, not two. */
const SAME_WISH_MS = 500

const exits = { SIGTERM: exitCodes.terminated, SIGINT: exitCodes.interrupted } as const

/**
 * Why the process is to end: the name of the first SIGTERM or SIGINT, or an error that nothing handled. From then on a
 * signal ends it at once, and so does a second error.
 */
export function theEnd(): Promise<keyof typeof exits | Error> {
  return new Promise((resolve) => {
    let decidedAtMs: number | undefined
    const decide = (reason: keyof typeof exits | Error): void => {
      decidedAtMs ??= performance.now()
      resolve(reason)
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (decidedAtMs !== undefined && performance.now() - decidedAtMs > SAME_WISH_MS) process.exit(exits[signal])
        decide(signal)
      })
    }
    // Rejections that nobody awaits come here too.
    process.on('uncaughtException', (error) => {
      if (decidedAtMs !== undefined) process.exit(exitCodes.failed)
      decide(error instanceof Error ? error : new Error('something was thrown that is no error'))
    })
  })
}
