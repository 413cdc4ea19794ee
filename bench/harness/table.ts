/** Rows under their heads as aligned text, the first column to the left and all others to the right. */
export function formatTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** `12,345`, with as many decimals as asked for; `n/a` for what could not be measured. */
export function formatNumber(value: number, decimals = 0): string {
  if (Number.isNaN(value)) return 'n/a'
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

/** Bytes as megabytes of 1,000,000. */
export function formatMegabytes(bytes: number): string {
  return formatNumber(bytes / 1e6)
}
