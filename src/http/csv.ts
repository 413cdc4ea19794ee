/** One line of CSV (RFC 4180), without its end. */
export const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',')

/** Quoted where RFC 4180 asks for it, and defused where a spreadsheet would take it for a formula. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
