/** A stretch of text: in both, only in what was sent, or only in what is registered. */
export interface Stretch {
  readonly kind: 'same' | 'sent' | 'registered'
  readonly text: string
}

/** Beyond it the middle is shown as replaced: comparing costs the product of both lengths. */
const COMPARED_MAX = 256

/** What differs between two texts, character by character, in reading order. */
export function differenceOf(sent: string, registered: string): Stretch[] {
  const start = commonStart(sent, registered)
  const end = commonEnd(sent.slice(start), registered.slice(start))
  const middle = compare(sent.slice(start, sent.length - end), registered.slice(start, registered.length - end))
  return join([same(sent.slice(0, start)), ...middle, same(sent.slice(sent.length - end))])
}

/** The difference in one line of text: `https://app.example/cb[-/-]` was sent with a slash too many. */
export function describeDifference(stretches: readonly Stretch[]): string {
  const marks = { same: ['', ''], sent: ['[-', '-]'], registered: ['{+', '+}'] } as const
  return stretches.map(({ kind, text }) => marks[kind][0] + text + marks[kind][1]).join('')
}

const same = (text: string): Stretch => ({ kind: 'same', text })

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

function commonEnd(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++
  return length
}

function compare(sent: string, registered: string): Stretch[] {
  if (sent.length > COMPARED_MAX || registered.length > COMPARED_MAX)
    return [
      { kind: 'sent', text: sent },
      { kind: 'registered', text: registered },
    ]
  const lengths = commonLengths(sent, registered)
  const width = registered.length + 1
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0
  const stretches: Stretch[] = []
  let row = 0
  let column = 0
  while (row < sent.length || column < registered.length) {
    if (row < sent.length && sent[row] === registered[column]) {
      stretches.push(same(sent.charAt(row++)))
      column++
    } else if (column === registered.length || (row < sent.length && at(row + 1, column) >= at(row, column + 1)))
      stretches.push({ kind: 'sent', text: sent.charAt(row++) })
    else stretches.push({ kind: 'registered', text: registered.charAt(column++) })
  }
  return stretches
}

/** Lengths of the longest common subsequences of all pairs of suffixes, row by row. */
function commonLengths(a: string, b: string): Uint16Array {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let row = a.length - 1; row >= 0; row--)
    for (let column = b.length - 1; column >= 0; column--) {
      const below = lengths[(row + 1) * width + column] ?? 0
      const right = lengths[row * width + column + 1] ?? 0
      const diagonal = lengths[(row + 1) * width + column + 1] ?? 0
      lengths[row * width + column] = a[row] === b[column] ? diagonal + 1 : Math.max(below, right)
    }
  return lengths
}

/** Neighbours of one kind become one stretch; empty ones go. */
function join(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  for (const stretch of stretches) {
    const last = joined.at(-1)
    if (stretch.text === '') continue
    if (last?.kind === stretch.kind) joined[joined.length - 1] = { kind: last.kind, text: last.text + stretch.text }
    else joined.push(stretch)
  }
  return joined
}
