import type { ServerResponse } from 'node:http'
import type { ChangeLog } from '../change-log/change-log.ts'

/** Whether this process should get traffic: it knows all changes, and it is not going away. */
export class Readiness {
  readonly #changes: ChangeLog
  #isDraining = false

  constructor(changes: ChangeLog) {
    this.#changes = changes
  }

  /** From now on balancers are told to send nobody here. */
  drain(): void {
    this.#isDraining = true
  }

  get problem(): string | undefined {
    if (this.#isDraining) return 'draining'
    return this.#changes.isFresh ? undefined : 'the database does not answer'
  }
}

/** Serves `/livez` (the process runs) and `/readyz` (it should get traffic). Answers false for any other path. */
export function answerProbe(readiness: Readiness, path: string, response: ServerResponse): boolean {
  if (path === '/livez') answer(response, 200, { status: 'ok' })
  else if (path !== '/readyz') return false
  else if (readiness.problem === undefined) answer(response, 200, { status: 'ready' })
  else answer(response, 503, { status: 'not ready', reason: readiness.problem })
  return true
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
