import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { AskOptions } from '../connection/asking.ts'
import { openClient } from '../connection/client.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { outputFormat, printHint, printJson, printRows } from '../terminal/output.ts'
import { strangeAnswer } from '../connection/refusal.ts'

const Nullable = Type.Union([Type.String(), Type.Null()])
const Groups = Type.Array(
  Type.Object({
    clientId: Nullable,
    method: Type.String(),
    path: Type.String(),
    reason: Type.String(),
    count: Type.Integer(),
    lastAt: Type.String(),
    trackingId: Nullable,
  }),
)

const MINUTE_MS = 60_000
const unitsMs = new Map([
  ['m', MINUTE_MS],
  ['h', 60 * MINUTE_MS],
  ['d', 24 * 60 * MINUTE_MS],
])

/** What `log denials` is asked for. */
export interface DenialsOptions extends AskOptions {
  readonly client?: string
  readonly reason?: string
  readonly since?: string
  readonly limit?: string
}

/** Prints what was refused of late, the most frequent first. */
export async function listDenials(io: Io, options: DenialsOptions): Promise<void> {
  const format = outputFormat(options, io)
  const query = queryOf(options, io.nowMs())
  const client = await openClient(io, options)
  const path = `/sallyport/v1/denials?${query.toString()}`
  const groups = await client.get(path)
  if (!Check(Groups, groups)) throw strangeAnswer(`GET ${path}`, 'is no list of denials')
  if (format === 'json') return printJson(io, groups)
  if (groups.length === 0) return printHint(io, 'Nothing was refused.')
  printRows(io, groups.map(cellsOf), format)
  printHint(io, 'Ask why: sallyport explain TRACKINGID')
}

const cellsOf = ({ count, reason, method, path, clientId, lastAt, trackingId }: Static<typeof Groups>[number]) => [
  String(count),
  reason,
  `${method} ${path}`,
  clientId ?? 'nobody',
  lastAt,
  trackingId ?? '-',
]

function queryOf({ client, reason, since, limit }: DenialsOptions, nowMs: number): URLSearchParams {
  const query = new URLSearchParams()
  if (since !== undefined) query.set('since', timeOf(since, nowMs))
  for (const [name, value] of Object.entries({ client, reason, limit })) if (value !== undefined) query.set(name, value)
  return query
}

function timeOf(text: string, nowMs: number): string {
  const [, count, unit = ''] = /^([0-9]{1,5})([mhd])$/.exec(text) ?? []
  const timeMs = count === undefined ? Date.parse(text) : nowMs - Number(count) * (unitsMs.get(unit) ?? 0)
  if (Number.isFinite(timeMs)) return new Date(timeMs).toISOString()
  throw usageFailure('That is no time.', 'It must be a date, or how long ago.', 'Give --since 24h, for example.')
}
