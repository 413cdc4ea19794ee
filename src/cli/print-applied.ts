import { type ApplyReport, PartlyApplied } from '../tenant-file/apply.ts'
import type { Io } from './io.ts'
import { printHint, printRows } from './output.ts'

/** Tells what a tenant file changed, also when some of its entries could not be applied: secrets are shown only once. */
export async function reportApplied(
  io: Io,
  applying: Promise<ApplyReport>,
  options: { isQuiet: boolean },
): Promise<void> {
  try {
    printApplied(io, await applying, options)
  } catch (error) {
    if (error instanceof PartlyApplied) printApplied(io, error.report, options)
    throw error
  }
}

/** Tells what a tenant file changed; secrets that were made are shown here and nowhere else. */
function printApplied(io: Io, { tenant, entries, madeSecrets }: ApplyReport, { isQuiet }: { isQuiet: boolean }): void {
  const changed = entries.filter(({ outcome }) => outcome !== 'unchanged')
  if (!isQuiet && changed.length === 0) printHint(io, `Tenant ${tenant}: nothing to change.`)
  for (const { entry, outcome, remark } of isQuiet ? changed.filter((each) => each.outcome === 'left') : changed)
    printHint(io, `${outcome.padEnd(8)}${entry}${remark === undefined ? '' : ` (${remark})`}`)
  if (isQuiet && changed.length > 0)
    printHint(io, `Tenant ${tenant}: ${changed.length} ${changed.length === 1 ? 'entry' : 'entries'} applied.`)
  if (madeSecrets.length === 0) return
  printHint(io, 'These secrets were made now. Copy them: they are kept as digests and cannot be shown again.')
  const rows = madeSecrets.map(({ entry, clientId, clientSecret }) => [entry, clientId, clientSecret])
  printRows(io, rows, io.isTty ? 'table' : 'tsv')
}
