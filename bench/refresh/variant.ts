import type { Credential } from '../token/credential.ts'
import type { ServerProcess } from '../harness/server-process.ts'

/** A server that people sign in at, through one confidential client that may refresh. */
export interface SignInVariant {
  name: string
  tokenPath: string
  jwksPath: string
  start: (core: number | undefined) => Promise<RunningSignIn>
}

/** A started variant. `stop` leaves nothing behind. */
export interface RunningSignIn {
  server: ServerProcess
  client: Credential
  /** Where it keeps its SQLite database, if it does. */
  dataDirectory?: string
  /** Fresh codes, as if so many people had just signed in; each is good for a minute. */
  makeCodes: (count: number) => Promise<string[]>
  stop: () => Promise<void>
}
