import type { Node } from 'typescript/unstable/ast'
import {
  isIdentifier,
  isImportDeclaration,
  isNewExpression,
  isPropertyAccessExpression,
  isStringLiteral,
  isTaggedTemplateExpression,
} from 'typescript/unstable/ast/is'
import type { Problem } from '../problem.ts'
import { descendants, lineOf, type Module } from '../syntax.ts'
import { isStore, placeOf } from './rows.ts'

/** Something that code may reach for only in some places. */
interface Reserved {
  readonly isAllowed: (module: Module) => boolean
  readonly isUse: (node: Node) => boolean
  readonly message: string
}

const reserved: readonly Reserved[] = [
  {
    isAllowed: inPlaces('config', 'cli'),
    isUse: (node) => isMember(node, 'process', 'env') || importsEnvironment(node),
    message: 'only config/ and cli/ read the environment: take the setting as a parameter',
  },
  {
    isAllowed: inPlaces('config', 'cli', 'server.ts', 'clock.ts'),
    isUse: (node) => isMember(node, 'Date', 'now') || isCurrentDate(node),
    message: 'the time comes from the caller (ctx.nowMs or a clock passed in), so that tests can set it',
  },
  {
    isAllowed: (module) =>
      isStore(module.path) || inPlaces('database', 'audit', 'change-log', 'collections', 'credentials')(module),
    isUse: buildsQuery,
    message:
      'queries are written in store.ts files (and in database/, audit/, change-log/, collections/, credentials/): move it there',
  },
]

/** Refuses the environment, the machine's clock and SQL outside the places they are reserved to. */
export function checkReserved(module: Module): Problem[] {
  const rules = reserved.filter((rule) => !rule.isAllowed(module))
  return [...descendants(module.tree)].flatMap((node) =>
    rules
      .filter((rule) => rule.isUse(node))
      .map((rule) => ({ path: module.path, line: lineOf(module, node), message: rule.message })),
  )
}

function inPlaces(...places: string[]): (module: Module) => boolean {
  return (module) => places.includes(placeOf(module.path))
}

function isMember(node: Node, object: string, member: string): boolean {
  if (!isPropertyAccessExpression(node) || node.name.text !== member) return false
  return isIdentifier(node.expression) && node.expression.text === object
}

function importsEnvironment(node: Node): boolean {
  if (!isImportDeclaration(node) || !isStringLiteral(node.moduleSpecifier)) return false
  return /^(?:node:)?process$/.test(node.moduleSpecifier.text) && /\benv\b/.test(node.importClause?.getText() ?? '')
}

function isCurrentDate(node: Node): boolean {
  if (!isNewExpression(node) || !isIdentifier(node.expression)) return false
  return node.expression.text === 'Date' && (node.arguments?.length ?? 0) === 0
}

const QUERY_BUILDERS = new Set(['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'mergeInto', 'replaceInto'])

function buildsQuery(node: Node): boolean {
  if (isTaggedTemplateExpression(node)) return isIdentifier(node.tag) && node.tag.text === 'sql'
  return isPropertyAccessExpression(node) && QUERY_BUILDERS.has(node.name.text)
}
