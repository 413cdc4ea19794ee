import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml'
import { excerpt } from '../config/printable.ts'

/** Keys and list positions from the top of a file to a value. */
export type Path = readonly (string | number)[]

/** The line a path stands on: of its key or list entry, else of the nearest one above it that exists. */
export type LineOf = (path: Path) => number

/** Finds lines in a parsed document; `lineCounter` must have been given to the parser. */
export function lineFinder(document: Document, lineCounter: LineCounter): LineOf {
  return (path) => {
    let node: unknown = document.contents
    let offset = offsetOf(node) ?? 0
    for (const segment of path) {
      const step = stepInto(node, segment)
      if (step === undefined) break
      offset = offsetOf(step.label) ?? offset
      node = step.value
    }
    return lineCounter.linePos(offset).line
  }
}

/** A path as people read it: `identities[0].userLevels`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`
    const key = /^[A-Za-z0-9_-]{1,80}$/.test(segment) ? segment : `"${excerpt(segment).replace(/^"|"$/g, '')}"`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

function stepInto(node: unknown, segment: string | number): { label: unknown; value: unknown } | undefined {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment]
    return item === undefined ? undefined : { label: item, value: item }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === segment)
  return pair === undefined ? undefined : { label: pair.key, value: pair.value }
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
