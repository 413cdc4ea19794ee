import { type RawBuilder, sql } from 'kysely'

const MARK = '/* passing */'

/** Ends a statement whose text depends on what a caller wrote, so that it is not kept prepared: there is no end of them. */
export const passing: RawBuilder<unknown> = sql.raw(MARK)

/** True for a statement that should not be kept prepared. */
export const isPassing = (text: string): boolean => text.endsWith(MARK)
