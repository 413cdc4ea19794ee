const MAX_WORD_LENGTH = 64

/** The candidate that was probably meant by a misspelt word, or undefined when none is near. Case is ignored. */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD_LENGTH) return undefined
  let nearest: string | undefined
  let shortest = allowedEdits(word) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < shortest) {
      nearest = candidate
      shortest = distance
    }
  }
  return nearest
}

/** A sentence that suggests the nearest candidate, or one that lists them all; starts with a space-free word. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const nearest = nearestWord(word, candidates)
  return nearest === undefined ? `known are ${candidates.join(', ')}` : `did you mean ${nearest}?`
}

function allowedEdits(word: string): number {
  return Math.max(1, Math.floor(word.length / 3))
}

// Optimal string alignment: insert, delete, replace, and swap of neighbours, which is what typing fingers do.
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1]
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforePrevious = previous
    previous = current
  }
  return at(previous, right.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
