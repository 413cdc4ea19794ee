const PARAMETER = /\{[^{}]*\}/g

/** The segments of a templated path. Requests carry no doubled or trailing slashes, so those of a template count for nothing. */
export function segmentsOf(templatedPath: string): readonly string[] {
  return templatedPath.split('/').filter((segment) => segment !== '')
}

/** The segment or path with the names of its parameters left out: templates of one shape match the same requests. */
export function shapeOf(template: string): string {
  return template.replaceAll(PARAMETER, '{}')
}

/** The literals around the parameters of a segment, one more than it has parameters; a single one if it has none. */
export function literalsOf(segment: string): readonly string[] {
  return segment.split(PARAMETER)
}

/**
 * The values of the parameters between these literals, none of them empty; undefined where the segment does not fit.
 * Of several ways to fit, each parameter in turn is as short as it can be.
 */
export function matchSegment(literals: readonly string[], segment: string): readonly string[] | undefined {
  if (isBare(literals)) return segment === '' ? undefined : [segment]
  const [prefix = '', ...rest] = literals
  if (!segment.startsWith(prefix)) return undefined
  const values: string[] = []
  let start = prefix.length
  for (const [position, literal] of rest.entries()) {
    const isLast = position === rest.length - 1
    const end = isLast ? startOfSuffix(segment, literal) : segment.indexOf(literal, start + 1)
    if (end <= start) return undefined
    values.push(segment.slice(start, end))
    start = end + literal.length
  }
  return values
}

/** One parameter and nothing else, as nearly all are. */
const isBare = (literals: readonly string[]): boolean =>
  literals.length === 2 && literals[0] === '' && literals[1] === ''

function startOfSuffix(segment: string, suffix: string): number {
  return segment.endsWith(suffix) ? segment.length - suffix.length : -1
}
