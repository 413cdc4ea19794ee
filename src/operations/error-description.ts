/** What a log says of an error. */
export interface ErrorDescription {
  readonly type: string
  readonly code?: string
  /** Without what stands in quotes: parsers and databases quote the input they object to. */
  readonly message: string
  /** Where it happened. */
  readonly stack: readonly string[]
  readonly cause?: ErrorDescription
}

const CAUSES_MAX = 5
const MESSAGE_LENGTH_MAX = 300
const QUOTATION_MARKS = ['"', "'", '`']
const FRAME = /^at .+:\d+:\d+\)?$/

/** Describes an error without repeating what a caller sent: named fields alone, and messages without their quotations. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'something was thrown that is no error', stack: [] }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    type: error.name,
    ...(code !== undefined && { code }),
    message: withoutQuotations(error.message),
    stack: framesOf(error),
    ...(error.cause !== undefined && depth < CAUSES_MAX && { cause: describeError(error.cause, depth + 1) }),
  }
}

/** Everything from the first quotation mark to the last: what is quoted may hold marks of its own. */
function withoutQuotations(message: string): string {
  const text = message.slice(0, MESSAGE_LENGTH_MAX)
  const last = Math.max(...QUOTATION_MARKS.map((mark) => text.lastIndexOf(mark)))
  if (last === -1) return text
  const first = text.search(/["'`]/)
  return `${text.slice(0, first)}"..."${last === first ? '' : text.slice(last + 1)}`
}

/** The lines of a stack that name code. It begins with the message, which may look like such a line. */
function framesOf({ stack = '', message }: Error): string[] {
  return stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => FRAME.test(line))
}
