import { checkFilter, type TypedValue } from '../collections/check-filter.ts'
import type { Fields } from '../collections/fields.ts'
import type { Comparison, Filter } from '../collections/filter.ts'
import { parseFilter } from '../collections/parse-filter.ts'
import { DomainError } from '../errors.ts'
import { dateOf, dayOf } from './day.ts'
import type { Days } from './store.ts'

/** Of what API usage is asked. */
export interface UsageWindow {
  readonly days: Days
  /** Any, where left out. */
  readonly method?: string
}

const fields: Fields = {
  method: { column: 'method', kind: 'id', operators: ['eq'] },
  startDate: { column: 'day', kind: 'time', operators: ['gt', 'eq'] },
  endDate: { column: 'day', kind: 'time', operators: ['lt', 'eq'] },
}

/**
 * Reads ISC's filter of API usage; where it says nothing, from the first of this month to today. `gt` and `lt` leave
 * their own day out. Parts are joined with `and`, or with commas, as ISC's own example does.
 * @throws DomainError `invalid`.
 */
export function readUsageWindow(filters: string | undefined, nowMs: number): UsageWindow {
  const today = dayOf(nowMs)
  const thisMonth = dayOf(Date.parse(`${dateOf(today).slice(0, 7)}-01T00:00:00Z`))
  let window: UsageWindow = { days: { since: thisMonth, until: today } }
  for (const comparison of comparisonsOf(filters)) window = narrow(window, comparison)
  if (window.days.since > window.days.until) throw new DomainError('invalid', 'startDate must not lie behind endDate.')
  return window
}

function comparisonsOf(filters: string | undefined): Comparison<TypedValue>[] {
  if (filters === undefined || filters.trim() === '') return []
  const joined = filters.replaceAll(/,\s*(?=(?:method|startDate|endDate)\s)/g, ' and ')
  // Dates stand in quotes in ISC's example, and bare elsewhere.
  const bare = joined.replaceAll(/"(\d{4}-\d\d-\d\d[^"]{0,30})"/g, '$1')
  return flatten(checkFilter(parseFilter(bare), fields))
}

function flatten(filter: Filter<TypedValue>): Comparison<TypedValue>[] {
  if (filter.kind === 'comparison') return [filter]
  if (filter.kind === 'and') return filter.operands.flatMap(flatten)
  throw new DomainError('invalid', `API usage takes no ${filter.kind}: join conditions with and.`)
}

function narrow({ days, ...window }: UsageWindow, { field, operator, values }: Comparison<TypedValue>): UsageWindow {
  const [value = ''] = values
  if (field === 'method') return { days, method: String(value).toUpperCase() }
  const day = dayOf(Number(value))
  if (field === 'startDate') return { ...window, days: { ...days, since: operator === 'gt' ? day + 1 : day } }
  return { ...window, days: { ...days, until: operator === 'lt' ? day - 1 : day } }
}
