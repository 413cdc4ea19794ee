import type { World } from './world.ts'

/** What is asked of an endpoint. */
export interface Asked {
  /** What stands for the parameters of its path. */
  readonly path?: Readonly<Record<string, string>>
  /** With its question mark. */
  readonly query?: string
  readonly body?: object
}

export type Outcome = number | string

/** Another request that is made at the same time. */
export interface Rival extends Asked {
  /** As in a row of the table: `DELETE /identities/{id}`. */
  readonly operation: string
}

/** Two requests at once, whichever is served first. */
export interface Race {
  /** The very same once more, if there is none. */
  readonly rival?: (asked: Asked) => Rival
  /** Statuses of the request and of its rival that may come of it; of the very same twice, in any order. */
  readonly outcomes: readonly (readonly [number, number])[]
  /** What must hold afterwards; throws if it does not. */
  readonly holds?: (world: World, asked: Asked) => Promise<void>
}

/** A row of the table: what a management endpoint promises to everybody who may call it, and to others. */
export interface Endpoint {
  /** Method and path without a version, since it is the same in all of them: `PATCH /oauth-clients/{id}`. */
  readonly operation: string
  /** Makes what is asked about in acme, and answers the request. */
  readonly ask: (world: World) => Promise<Asked>
  /** The status that acme's administrator is answered. */
  readonly ok: number
  /** What somebody of acme without any user level is answered: a status, or the reason of a 403; a function where layouts differ. */
  readonly plain: Outcome | ((operation: string) => Outcome)
  /** The status that globex's administrator is answered who asks the very same; nothing of acme changes by it. */
  readonly elsewhere: number
  /** Two for each endpoint that changes something. */
  readonly races?: readonly [Race, Race]
  /** It goes on answering until the caller leaves, so that its refusals alone are waited for; live-log tests the rest. */
  readonly isEndless?: boolean
}

/** A row for what only reads. */
export const reading = (operation: string, row: Omit<Endpoint, 'operation' | 'races'>): Endpoint => ({
  operation,
  ...row,
})

/** A row for what changes something. */
export const changing = (
  operation: string,
  row: Omit<Endpoint, 'operation' | 'races'> & { races: readonly [Race, Race] },
): Endpoint => ({ operation, ...row })
