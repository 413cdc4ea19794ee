import { join } from 'node:path'
import { placeOf } from './boundaries/rows.ts'
import { findSharedExports } from './budgets/exports.ts'
import { isRouteFile, measureFunctions } from './budgets/functions.ts'
import { type Problem, reportProblems } from './problem.ts'
import { type Module, parseProject } from './syntax.ts'

/** One measured thing: how large it is, and where it stands. */
interface Measure {
  readonly path: string
  readonly line: number
  readonly name: string
  readonly size: number
}

interface Budget {
  readonly title: string
  readonly unit: string
  readonly aim: string
  readonly limit: number
  readonly measure: (modules: readonly Module[]) => Measure[]
}

const budgets: readonly Budget[] = [
  { title: 'file', unit: 'lines', aim: 'half under 100, all under 250', limit: 400, measure: fileLines },
  { title: 'route file', unit: 'lines', aim: 'under 120', limit: 200, measure: routeFileLines },
  { title: 'function', unit: 'lines', aim: 'half under 12, 9 of 10 under 40', limit: 70, measure: functionLines },
  { title: 'function', unit: 'parameters', aim: '3', limit: 4, measure: functionParameters },
]

const TEST_SHARE = 0.8

/** Everything that is larger than its limit, and every shared export without a doc comment. */
export function checkBudgets(modules: readonly Module[]): Problem[] {
  const tooLarge = budgets.flatMap(({ unit, limit, measure }) =>
    measure(modules)
      .filter(({ size }) => size > limit)
      .map(({ path, line, name, size }) => ({ path, line, message: `${name} has ${size} ${unit}, at most ${limit}` })),
  )
  const undocumented = findSharedExports(modules.filter(isProduct)).filter((one) => !one.hasDocComment)
  const message = 'is used by another folder and has no doc comment'
  return [...tooLarge, ...undocumented.map(({ path, line, name }) => ({ path, line, message: `${name} ${message}` }))]
}

/** A table of our sizes beside their targets, for people. */
export function describeBudgets(modules: readonly Module[]): string {
  const product = modules.filter(isProduct)
  const rows = budgets.map(({ title, unit, aim, limit, measure }) => {
    const sizes = measure(product).map(({ size }) => size)
    const ours = [0.5, 0.9, 1].map((share) => quantile(sizes, share).padStart(4)).join(' ')
    return `${`${unit} of a ${title}`.padEnd(26)} ${ours} ${String(limit).padStart(6)}   ${aim}`
  })
  const shared = findSharedExports(product)
  const documented = shared.filter(({ hasDocComment }) => hasDocComment).length
  return [
    `${'the product:'.padEnd(26)}  p50  p90  max  limit   aim`,
    ...rows,
    `${documented} of ${shared.length} exports used by another folder have a doc comment`,
    ...describeTestShare(modules),
  ].join('\n')
}

/** Folders with few test lines beside them; a hint only, since stories in test/ cover them too. */
function describeTestShare(modules: readonly Module[]): string[] {
  const source = modules.filter(({ path }) => path.startsWith('src/') && !placeOf(path).endsWith('.ts'))
  const poor = Object.entries(Object.groupBy(source, ({ path }) => placeOf(path))).flatMap(([place, files = []]) => {
    const share = filledLines(files.filter(isTest)) / Math.max(1, filledLines(files.filter(isProduct)))
    return share < TEST_SHARE ? [`${place} ${share.toFixed(1)}`] : []
  })
  return poor.length === 0
    ? []
    : [`Warning: fewer than ${TEST_SHARE} lines of tests per line of code: ${poor.join(', ')}`]
}

function filledLines(modules: readonly Module[]): number {
  return modules.flatMap(({ text }) => text.split('\n')).filter((line) => line.trim() !== '').length
}

function fileLines(modules: readonly Module[]): Measure[] {
  return modules.map(({ path, text }) => ({ path, line: 0, name: 'the file', size: text.split('\n').length - 1 }))
}

function routeFileLines(modules: readonly Module[]): Measure[] {
  const routes = fileLines(modules.filter(({ path }) => isRouteFile(path)))
  return routes.map((one) => ({ ...one, name: 'the route file' }))
}

function functionLines(modules: readonly Module[]): Measure[] {
  return modules.flatMap(measureFunctions).map((one) => ({ ...one, size: one.lines }))
}

function functionParameters(modules: readonly Module[]): Measure[] {
  return modules.flatMap(measureFunctions).map((one) => ({ ...one, size: one.parameters }))
}

function quantile(sizes: readonly number[], share: number): string {
  const sorted = sizes.toSorted((a, b) => a - b)
  return String(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? '-')
}

function isTest({ path }: Module): boolean {
  return path.endsWith('.test.ts')
}

function isProduct(module: Module): boolean {
  return module.path.startsWith('src/') && !isTest(module)
}

if (import.meta.main) {
  const modules = await parseProject(join(import.meta.dirname, '..'), ['src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts'])
  console.log(describeBudgets(modules))
  reportProblems(checkBudgets(modules))
}
