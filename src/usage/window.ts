import { type Static, Type } from 'typebox'
import { DomainError } from '../errors.ts'
import { dateOf, dayOf, dayOfDate } from './day.ts'
import type { Days } from './store.ts'

const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** The days that a question about usage is for; both are included, in UTC. */
export const windowQuery = {
  since: Type.Optional(DateText),
  until: Type.Optional(DateText),
}
type WindowQuery = { [Name in keyof typeof windowQuery]?: Static<typeof DateText> | undefined }

const DAYS_BY_DEFAULT = 30

/** The days that are meant: up to today, and the thirty before where nothing is said. @throws DomainError `invalid`. */
export function daysOf({ since, until }: WindowQuery, nowMs: number): Days {
  const last = until === undefined ? dayOf(nowMs) : required(until)
  const first = since === undefined ? last - DAYS_BY_DEFAULT + 1 : required(since)
  if (first > last) throw new DomainError('invalid', 'since must not lie behind until.')
  return { since: first, until: last }
}

function required(date: string): number {
  const day = dayOfDate(date)
  if (day === undefined) throw new DomainError('invalid', `${date} is no date. Write it like 2026-06-01.`)
  return day
}

/** The days as they are answered. */
export const datesOf = ({ since, until }: Days) => ({ since: dateOf(since), until: dateOf(until) })
