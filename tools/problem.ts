/** Something a check found. `line` counts from 1; 0 when the whole file is meant. */
export interface Problem {
  readonly path: string
  readonly line: number
  readonly message: string
}

/** Prints one line per problem, by file and line, and makes the process fail when there are any. */
export function reportProblems(problems: readonly Problem[]): void {
  const sorted = problems.toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line)
  for (const { path, line, message } of sorted) console.error(`${path}${line > 0 ? `:${line}` : ''}  ${message}`)
  if (problems.length > 0) process.exitCode = 1
}
