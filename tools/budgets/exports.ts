import { dirname, join } from 'node:path/posix'
import type { Node } from 'typescript/unstable/ast'
import {
  isClassDeclaration,
  isFunctionDeclaration,
  isImportDeclaration,
  isInterfaceDeclaration,
  isNamedImports,
  isTypeAliasDeclaration,
  isVariableStatement,
} from 'typescript/unstable/ast/is'
import { placeOf } from '../boundaries/rows.ts'
import { importsOf, lineOf, type Module } from '../syntax.ts'

/** Something a file exports and a file of another folder imports. */
export interface SharedExport {
  readonly path: string
  readonly line: number
  readonly name: string
  readonly hasDocComment: boolean
}

/** What the product's folders use of one another. A name exported as a value and as a type counts once. */
export function findSharedExports(modules: readonly Module[]): SharedExport[] {
  const shared = new Set(modules.flatMap(namesFromElsewhere))
  const found = new Map<string, SharedExport>()
  for (const one of modules.flatMap(exportsOf)) {
    const key = `${one.path}#${one.name}`
    if (shared.has(key) && !found.get(key)?.hasDocComment) found.set(key, one)
  }
  return [...found.values()]
}

function namesFromElsewhere(module: Module): string[] {
  return importsOf(module).flatMap(({ specifier, statement }) => {
    const target = join(dirname(module.path), specifier)
    if (!specifier.startsWith('.') || placeOf(target) === placeOf(module.path)) return []
    return importedNames(statement).map((name) => `${target}#${name}`)
  })
}

function importedNames(statement: Node): string[] {
  if (!isImportDeclaration(statement)) return []
  const bindings = statement.importClause?.namedBindings
  if (!bindings || !isNamedImports(bindings)) return []
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text)
}

function exportsOf(module: Module): SharedExport[] {
  return module.tree.statements.flatMap((statement) =>
    declaredNames(statement).map((name) => ({
      path: module.path,
      line: lineOf(module, statement),
      name,
      hasDocComment: module.text.slice(statement.pos, statement.getStart(module.tree)).includes('/**'),
    })),
  )
}

function declaredNames(statement: Node): string[] {
  if (isVariableStatement(statement)) return statement.declarationList.declarations.map((one) => one.name.getText())
  const isNamed =
    isFunctionDeclaration(statement) ||
    isClassDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement)
  return isNamed && statement.name ? [statement.name.text] : []
}
