import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { dialectOf } from '../database/dialect-of.ts'
import { passing } from '../database/passing-statement.ts'
import type { Page } from '../http/answer-page.ts'
import type { CollectionQuery } from './collection-query.ts'
import { findField } from './fields.ts'
import { columnOf, filterCondition, folded } from './filter-sql.ts'

/**
 * The page that was asked for of the rows that `query` selects. What sorts equal is in the order of `uniqueColumn`, so
 * that pages never overlap; what is missing sorts last, and first where the order descends.
 */
export async function selectPage<Known, Tables, Table extends keyof Tables, Row>(
  db: Kysely<Known>,
  query: SelectQueryBuilder<Tables, Table, Row>,
  asked: CollectionQuery,
  uniqueColumn: string,
): Promise<Page<Row>> {
  const dialect = dialectOf(db)
  const { filter, fields, limit, offset } = asked
  const filtered = filter ? query.where(filterCondition(filter, fields, dialect)).modifyEnd(passing) : query
  let sorted = asked.sorters.length > 0 && !filter ? filtered.modifyEnd(passing) : filtered
  for (const { field: name, isDescending } of asked.sorters) {
    const field = findField(fields, name)
    if (!field) continue
    const by = field.kind === 'text' ? folded(columnOf(field), dialect) : columnOf(field)
    sorted = sorted.orderBy(by as never, (order) =>
      isDescending ? order.desc().nullsFirst() : order.asc().nullsLast(),
    )
  }
  const items =
    limit === 0
      ? []
      : await sorted
          .orderBy(sql.ref(uniqueColumn) as never)
          .limit(limit)
          .offset(offset)
          .execute()
  return { items, total: asked.isCounted ? await totalOf(filtered) : undefined }
}

async function totalOf<Tables, Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
): Promise<number> {
  const counted = query.clearSelect().select(({ fn }) => fn.countAll<number | string>().as('total'))
  const { total } = (await counted.executeTakeFirstOrThrow()) as { total: number | string }
  return Number(total)
}
