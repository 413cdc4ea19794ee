import type { ExitName } from './exit-codes.ts'

/** What a failed command tells: three lines for people, and what scripts go by. */
export interface FailureStory {
  readonly exit: ExitName
  /** Stable word for scripts; a reason code where the server gave one. */
  readonly code: string
  readonly what: string
  readonly why: string
  /** What to do about it, best a command to paste. */
  readonly fix: string
  readonly trackingId?: string | undefined
}

/** A command that cannot do what it was asked; it is printed in three lines and ends the command. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure'
  readonly story: FailureStory

  constructor(story: FailureStory, options?: ErrorOptions) {
    super(story.what, options)
    this.story = story
  }
}

/** The command line itself is wrong. */
export function usageFailure(what: string, why: string, fix: string): CliFailure {
  return new CliFailure({ exit: 'usage', code: 'usage', what, why, fix })
}
