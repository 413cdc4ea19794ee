import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkReserved } from './boundaries/ambient.ts'
import { checkListed, checkSpeech, type Manifest } from './boundaries/packages.ts'
import { checkRows } from './boundaries/rows.ts'
import { checkBarrel, checkModuleState, checkName } from './boundaries/shape.ts'
import { type Problem, reportProblems } from './problem.ts'
import { type Module, parseProject } from './syntax.ts'

/** What holds for the product alone; tests and tools may reach anywhere. */
const productRules = [checkRows, checkSpeech, checkReserved, checkBarrel, checkModuleState]

/** Everything that keeps one part of the code from knowing too much of another. */
export function checkBoundaries(modules: readonly Module[], manifest: Manifest): Problem[] {
  return modules.flatMap((module) => {
    const isProduct = module.path.startsWith('src/') && !module.path.endsWith('.test.ts')
    const rules = isProduct ? productRules : []
    return [...checkName(module), ...checkListed(module, manifest), ...rules.flatMap((rule) => rule(module))]
  })
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest // ours, and npm checks it
  const modules = await parseProject(root, ['src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts'])
  reportProblems(checkBoundaries(modules, manifest))
}
