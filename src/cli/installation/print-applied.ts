import type { ApplyReport } from '../../tenant-file/apply.ts'
import type { MadeSecret } from '../../tenant-file/applying.ts'
import type { Io } from '../terminal/io.ts'
import { printHint, printRows } from '../terminal/output.ts'

const SHOWN_NOTES = 10

/** Tells what a tenant file changed. */
export function printApplied(io: Io, { tenant, entries }: ApplyReport, { isQuiet }: { isQuiet: boolean }): void {
  const changed = entries.filter(({ outcome }) => outcome !== 'unchanged')
  if (!isQuiet && changed.length === 0) printHint(io, `Tenant ${tenant}: nothing to change.`)
  for (const { entry, outcome, remark, notes } of isQuiet
    ? changed.filter((each) => each.outcome === 'left')
    : changed) {
    printHint(io, `${outcome.padEnd(8)}${entry}${remark === undefined ? '' : ` (${remark})`}`)
    printNotes(io, notes ?? [])
  }
  if (isQuiet && changed.length > 0)
    printHint(io, `Tenant ${tenant}: ${changed.length} ${changed.length === 1 ? 'entry' : 'entries'} applied.`)
}

/** A published document may have hundreds of notes of the same kind; the first ones tell what to look at. */
function printNotes(io: Io, notes: readonly string[]): void {
  for (const note of notes.slice(0, SHOWN_NOTES)) printHint(io, `        ${note}`)
  if (notes.length > SHOWN_NOTES) printHint(io, `        and ${notes.length - SHOWN_NOTES} more notes`)
}

/** Shows each secret as soon as it was made, whatever happens to the rest of the file: it is shown nowhere else. */
export function secretPrinter(io: Io): (made: MadeSecret) => void {
  let isFirst = true
  return ({ entry, clientId, clientSecret }) => {
    if (isFirst)
      printHint(io, 'These secrets are made now. Copy them: they are kept as digests and cannot be shown again.')
    isFirst = false
    printRows(io, [[entry, clientId, clientSecret]], io.isTty ? 'table' : 'tsv')
  }
}
