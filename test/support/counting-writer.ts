/** Counts in a SQLite file as another process would: `node counting-writer.ts FILE TENANT TIMES`. */
import { openSqlite } from '../../src/database/open.ts'
import { writeTransaction } from '../../src/database/write-transaction.ts'
import { takeNumber } from './take-number.ts'

const [file = '', tenantId = '', times = '0'] = process.argv.slice(2)
const database = await openSqlite(file)
for (let turn = 0; turn < Number(times); turn++)
  await writeTransaction(database.forTenant(tenantId), (tx) => takeNumber(tx, tenantId))
await database.close()
