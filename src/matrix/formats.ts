import { csvLine } from '../http/csv.ts'
import { type Html, html } from '../http/html.ts'
import type { MatrixEntry } from './matrix.ts'

const columns = [
  'version',
  'method',
  'path',
  'operationId',
  'context',
  'userScopes',
  'applicationScopes',
  'userLevels',
  'experimental',
  'deprecated',
  'catalog',
] as const

const verdictColumns = ['allowed', 'reason'] as const

type Column = (typeof columns)[number] | (typeof verdictColumns)[number]

/** The matrix as a person or a spreadsheet reads it. Verdicts are there when a persona was asked about. */
export interface Renderer {
  readonly contentType: string
  render(entries: readonly MatrixEntry[]): string
}

export const renderers: Readonly<Record<'csv' | 'markdown' | 'html', Renderer>> = {
  csv: { contentType: 'text/csv; charset=utf-8', render: renderCsv },
  markdown: { contentType: 'text/markdown; charset=utf-8', render: renderMarkdown },
  html: { contentType: 'text/html; charset=utf-8', render: renderHtml },
}

const columnsOf = (entries: readonly MatrixEntry[]): readonly Column[] =>
  entries.some(({ allowed }) => allowed !== undefined) ? [...columns, ...verdictColumns] : columns

function textOf(entry: MatrixEntry, column: Column): string {
  const value = entry[column]
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : value.join(' ')
}

function renderCsv(entries: readonly MatrixEntry[]): string {
  const shown = columnsOf(entries)
  const lines = [csvLine(shown), ...entries.map((entry) => csvLine(shown.map((column) => textOf(entry, column))))]
  return `${lines.join('\r\n')}\r\n`
}

function renderMarkdown(entries: readonly MatrixEntry[]): string {
  const shown = columnsOf(entries)
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const lines = [
    row(shown),
    row(shown.map(() => '---')),
    ...entries.map((entry) =>
      row(shown.map((column) => textOf(entry, column).replace(/[|\\]/g, '\\$&').replaceAll('\n', ' '))),
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** Each row has an address of its own, which stays as long as the operation does. */
function renderHtml(entries: readonly MatrixEntry[]): string {
  const shown = columnsOf(entries)
  const head: Html = html`<tr>${shown.map((column) => html`<th scope="col">${column}</th>`)}</tr>`
  const rows = entries.map(
    (entry) =>
      html`<tr id="${idOf(entry)}">${shown.map((column) => html`<td>${cellOf(entry, column)}</td>`)}</tr>
`,
  )
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Access matrix</title></head>
<body><h1>Access matrix</h1>
<form><input type="hidden" name="format" value="html">
<label>Path, operation, scope or level <input name="q"></label> <button>Filter</button></form>
<p>${entries.length} operations</p>
<table><thead>${head}</thead><tbody>${rows}</tbody></table></body></html>
`.text
}

const idOf = ({ method, path }: MatrixEntry): string => `${method}-${path}`

function cellOf(entry: MatrixEntry, column: Column): Html {
  const text = textOf(entry, column)
  return column === 'path' ? html`<a href="#${encodeURIComponent(idOf(entry))}">${text}</a>` : html`${text}`
}
