import { OperatorError } from '../../errors.ts'
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

/** What the operator wrote is wrong: a flag, a variable, a tenant file. Other OperatorErrors are about the machine. */
export class WrittenMistakes extends OperatorError {}

/** Runs something that reads what the operator wrote. @throws WrittenMistakes in place of OperatorErrors. */
export function readWritten<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof OperatorError) throw new WrittenMistakes(error.problems, { cause: error })
    throw error
  }
}
