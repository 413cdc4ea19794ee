import { basename } from 'node:path/posix'
import type { FunctionLikeDeclaration, Node } from 'typescript/unstable/ast'
import {
  isArrowFunction,
  isCallExpression,
  isConstructorDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isGetAccessorDeclaration,
  isIdentifier,
  isMethodDeclaration,
  isPropertyAssignment,
  isSetAccessorDeclaration,
  isVariableDeclaration,
} from 'typescript/unstable/ast/is'
import { descendants, lineAt, lineOf, type Module } from '../syntax.ts'

/** A function as it stands in the text; nested functions count on their own and in the one around them. */
export interface MeasuredFunction {
  readonly path: string
  readonly line: number
  readonly name: string
  readonly lines: number
  readonly parameters: number
}

/** Every function whose length is its own: not the plugin around a file of routes, nor a `describe` around tests. */
export function measureFunctions(module: Module): MeasuredFunction[] {
  return [...descendants(module.tree)]
    .filter(isFunctionWithBody)
    .filter((node) => !isWrapper(module, node))
    .map((node) => ({
      path: module.path,
      line: lineOf(module, node),
      name: nameOf(node),
      lines: lineAt(module, node.end) - lineOf(module, node) + 1,
      parameters: node.parameters.length,
    }))
}

const isFunction = [
  isFunctionDeclaration,
  isMethodDeclaration,
  isConstructorDeclaration,
  isGetAccessorDeclaration,
  isSetAccessorDeclaration,
  isArrowFunction,
  isFunctionExpression,
]

function isFunctionWithBody(node: Node): node is FunctionLikeDeclaration {
  return isFunction.some((is) => is(node)) && 'body' in node && node.body !== undefined
}

/** A route file has a limit of its own, and its plugin is the whole file; so does a test file with its groups. */
function isWrapper(module: Module, node: FunctionLikeDeclaration): boolean {
  if (isRouteFile(module.path)) return !hasFunctionAround(node)
  const { parent } = node
  return (
    isCallExpression(parent) && isIdentifier(parent.expression) && /^(?:describe|suite)$/.test(parent.expression.text)
  )
}

/** Files that declare routes: `routes.ts`, `token-routes.ts`. */
export function isRouteFile(path: string): boolean {
  return /^(?:.+-)?routes\.ts$/.test(basename(path))
}

function hasFunctionAround(node: Node): boolean {
  for (let outer = node.parent; outer; outer = outer.parent) if (isFunctionWithBody(outer)) return true
  return false
}

function nameOf(node: FunctionLikeDeclaration): string {
  const ownName = 'name' in node ? node.name : undefined
  const named = ownName ?? (isNamedParent(node.parent) ? node.parent.name : undefined)
  if (named) return named.getText()
  return isConstructorDeclaration(node) ? 'constructor' : 'a function without a name'
}

function isNamedParent(node: Node): node is Node & { name: Node } {
  return isVariableDeclaration(node) || isPropertyAssignment(node)
}
