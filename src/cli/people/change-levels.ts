import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, openClient } from '../connection/client.ts'
import { CliFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { printHint } from '../terminal/output.ts'
import { findIdentity, IDENTITIES } from './find-identity.ts'
import type { AskOptions } from '../connection/asking.ts'
import { replacing } from './replacing.ts'
import { asRecord } from '../connection/records.ts'

const ATTEMPTS = 10
const PAUSE_MS_MAX = 100

/** Which levels are given or taken. */
interface LevelChange {
  readonly verb: 'grant' | 'revoke'
  readonly wanted: string
  readonly levels: readonly string[]
}

/**
 * Gives or takes user levels. What others give and take at the same time stays: each change is made only to the levels
 * it was reckoned from, and reckoned anew where those have changed.
 */
export async function changeLevels(io: Io, change: LevelChange, options: AskOptions): Promise<void> {
  const client = await openClient(io, options)
  const id = await findIdentity(client, change.wanted)
  let held = await levelsOf(client, id)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const capabilities = changed(held, change)
    const refusal = await replaceLevels(client, id, { held, capabilities })
    if (refusal === undefined) {
      printHint(io, `${change.wanted} holds ${capabilities.join(', ') || 'no user level'}.`)
      return
    }
    const present = await levelsOf(client, id)
    if (isDeepStrictEqual(present, held)) throw refusal
    held = present
    await pause(randomInt(PAUSE_MS_MAX))
  }
  throw changedByOthers(change.wanted)
}

function changed(held: readonly string[], { verb, levels }: LevelChange): string[] {
  const [before, given] = [new Set(held), new Set(levels)]
  return [...(verb === 'grant' ? before.union(given) : before.difference(given))]
}

/** Replaces the levels if they are still these; answers why not, where the request itself was refused. */
async function replaceLevels(
  client: Client,
  id: string,
  { held, capabilities }: { held: readonly string[]; capabilities: readonly string[] },
): Promise<CliFailure | undefined> {
  const unchanged = { op: 'test', path: '/capabilities', value: held } // RFC 6902 §4.6
  try {
    await client.patch(`/v2025/auth-users/${id}`, [unchanged, ...replacing({ capabilities })])
    return undefined
  } catch (error) {
    if (error instanceof CliFailure && /^(failed|conflict)$/.test(error.story.exit)) return error
    throw error
  }
}

async function levelsOf(client: Client, id: string): Promise<string[]> {
  const { userLevels } = asRecord(await client.get(`${IDENTITIES}/${id}`), `GET ${IDENTITIES}/${id}`)
  return Array.isArray(userLevels) ? userLevels.map(String) : []
}

const changedByOthers = (wanted: string): CliFailure =>
  new CliFailure({
    exit: 'conflict',
    code: 'levels.changed',
    what: `The user levels of ${wanted} were not changed.`,
    why: `Others changed them at the same time, ${ATTEMPTS} times in a row.`,
    fix: `Look at them, and try again: sallyport identity show ${wanted}`,
  })
