/** How a command ends, by name. Scripts rely on the numbers: they never change. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  credential: 4,
  denied: 5,
  notFound: 6,
  rateLimited: 7,
  unreachable: 8,
  conflict: 9,
  no: 10,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitName = keyof typeof exitCodes

/** What each ending means, for `sallyport help exit-codes` and the documentation. */
export const exitMeanings: Readonly<Record<ExitName, string>> = {
  ok: 'done; an empty list counts',
  failed: 'failed for a reason that has no code of its own',
  usage: 'the command line or the settings are wrong',
  credential: 'not signed in, or the credential was rejected (401)',
  denied: 'the credential may not do this (403)',
  notFound: 'there is no such thing (404)',
  rateLimited: 'too many requests (429)',
  unreachable: 'no server answered: connection, TLS or time-out',
  conflict: 'something else changed first, or a name is taken (409)',
  no: 'the question was answered with no',
  interrupted: 'stopped by Ctrl-C',
  terminated: 'told to stop (SIGTERM)',
}

/** One line for each exit code: number, tab, meaning. */
export function renderExitCodes(): string {
  return Object.entries(exitMeanings)
    .map(([name, meaning]) => `${codeOf(name)}\t${meaning}\n`)
    .join('')
}

function codeOf(name: string): number | undefined {
  return new Map<string, number>(Object.entries(exitCodes)).get(name)
}
