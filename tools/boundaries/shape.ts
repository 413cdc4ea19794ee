import { basename } from 'node:path/posix'
import { NodeFlags } from 'typescript/unstable/ast'
import { isExportDeclaration, isImportDeclaration, isVariableStatement } from 'typescript/unstable/ast/is'
import type { Problem } from '../problem.ts'
import { lineOf, type Module } from '../syntax.ts'

const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*\.ts$/
const NAMES_THAT_SAY_NOTHING = /^(?:utils?|helpers?|common|shared|manager|service|index)$/

/** Refuses file and folder names that say nothing or are not kebab-case. */
export function checkName(module: Module): Problem[] {
  const report = (message: string): Problem[] => [{ path: module.path, line: 0, message }]
  if (!KEBAB_CASE.test(basename(module.path))) return report('file names are kebab-case')
  const vague = module.path.split(/[/.]/).find((part) => NAMES_THAT_SAY_NOTHING.test(part))
  return vague === undefined ? [] : report(`"${vague}" says nothing: name it by what it does or holds`)
}

/** Refuses files that only pass on what other files export. */
export function checkBarrel(module: Module): Problem[] {
  const { statements } = module.tree
  const passesOn = statements.filter((statement) => isExportDeclaration(statement) && statement.moduleSpecifier)
  const isBarrel =
    passesOn.length > 0 && statements.every((one) => isExportDeclaration(one) || isImportDeclaration(one))
  if (!isBarrel) return []
  return [{ path: module.path, line: 0, message: 'this file only re-exports: import from where a thing is defined' }]
}

/** Refuses variables at module level: state belongs to something that is made, passed on and closed. */
export function checkModuleState(module: Module): Problem[] {
  return module.tree.statements
    .filter((statement) => isVariableStatement(statement) && !(statement.declarationList.flags & NodeFlags.Const))
    .map((statement) => ({
      path: module.path,
      line: lineOf(module, statement),
      message: 'no variables at module level: keep state in an object that app.ts makes',
    }))
}
