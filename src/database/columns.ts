import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely'

/** The two databases, where a statement must be spelled for each. */
export type Dialect = 'sqlite' | 'postgres'

/** How a column kind of schema.ts is spelled in each dialect. PostgreSQL's `"C"` collation sorts as SQLite does. */
const spellings = {
  id: { sqlite: sql`text`, postgres: sql`text collate "C"` },
  tenantId: { sqlite: sql`text`, postgres: sql`uuid` },
  text: { sqlite: sql`text`, postgres: sql`text` },
  time: { sqlite: sql`integer`, postgres: sql`bigint` },
  number: { sqlite: sql`integer`, postgres: sql`bigint` },
  flag: { sqlite: sql`integer`, postgres: sql`smallint` },
  bytes: { sqlite: sql`blob`, postgres: sql`bytea` },
} satisfies Record<string, Record<Dialect, RawBuilder<unknown>>>

export type ColumnKind = keyof typeof spellings

/** A column kind, with `?` where NULL is allowed. */
export type ColumnSpec = ColumnKind | `${ColumnKind}?`

export interface TableSpec {
  columns: Record<string, ColumnSpec>
  primaryKey: readonly string[]
  unique?: readonly (readonly string[])[]
}

// biome-ignore lint: a migration knows the tables it makes, not today's schema
type AnyDatabase = Kysely<never>

/** Creates one table, spelled for the dialect; SQLite tables are STRICT and clustered by their key. */
export async function createTable(db: AnyDatabase, dialect: Dialect, name: string, spec: TableSpec): Promise<void> {
  let table: CreateTableBuilder<string, string> = db.schema.createTable(name)
  for (const [column, columnSpec] of Object.entries(spec.columns)) {
    const isNullable = columnSpec.endsWith('?')
    const kind = columnSpec.replace('?', '') as ColumnKind
    table = table.addColumn(column, spellings[kind][dialect] as RawBuilder<string>, (definition) =>
      isNullable ? definition : definition.notNull(),
    )
  }
  table = table.addPrimaryKeyConstraint(`${name}_key`, spec.primaryKey as string[])
  for (const columns of spec.unique ?? [])
    table = table.addUniqueConstraint(`${name}_${columns.at(-1)}_unique`, columns as string[])
  if (dialect === 'sqlite') table = table.modifyEnd(sql`strict, without rowid`)
  await table.execute()
}

/**
 * The second wall on PostgreSQL: rows of another tenant do not exist for a connection bound to this one, and no rows
 * exist for a connection bound to none. FORCE binds the owner of the table too.
 */
export async function protectByTenant(db: AnyDatabase, dialect: Dialect, name: string): Promise<void> {
  if (dialect === 'sqlite') return
  const table = sql.table(name)
  await sql`alter table ${table} enable row level security`.execute(db)
  await sql`alter table ${table} force row level security`.execute(db)
  await sql`create policy tenant on ${table}
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)`.execute(db)
}
