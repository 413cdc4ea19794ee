import type { CompiledQuery, QueryResult } from 'kysely'
import type { Database } from './schema.ts'

/** Stands for a value while a query is compiled. */
class Placeholder {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

type Compiled = Pick<CompiledQuery, 'query' | 'queryId' | 'sql' | 'parameters'>

/**
 * Makes a query that is built and compiled at its first use on a database, and afterwards only given other values: the
 * query builder takes several times as long as SQLite does. `build` gets `values` that may stand wherever a parameter
 * may, and must not look at them.
 */
export function compileOnce<Values extends object, Row = unknown>(
  build: (db: Database, values: Values) => CompiledQuery<Row>,
): (db: Database, values: Values) => Promise<QueryResult<Row>> {
  const compiled = new WeakMap<object, Compiled>()
  return (db, values) => {
    const { adapter } = db.getExecutor()
    let query = compiled.get(adapter)
    if (!query) compiled.set(adapter, (query = build(db, placeholders<Values>())))
    const parameters = query.parameters.map((each) => (each instanceof Placeholder ? valueOf(values, each.name) : each))
    return db.executeQuery<Row>({ ...query, parameters })
  }
}

// The query builder takes a value of any type for a parameter; only its user knows that these are none yet.
const placeholders = <Values extends object>(): Values =>
  new Proxy({}, { get: (_target, name) => new Placeholder(String(name)) }) as Values

function valueOf(values: object, name: string): unknown {
  const value = (values as Record<string, unknown>)[name]
  if (value === undefined) throw new Error(`the query has no value for ${name}`)
  return value
}
