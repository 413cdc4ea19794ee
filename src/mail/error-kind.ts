/** What a mail server says may repeat an address: only the kind of error is for the log. */
export const kindOf = (error: unknown): Error =>
  new Error(error instanceof Error && 'code' in error ? String(error.code) : 'unknown', { cause: undefined })
