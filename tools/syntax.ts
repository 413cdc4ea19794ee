import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast'
import { isCallExpression, isExportDeclaration, isImportDeclaration, isStringLiteral } from 'typescript/unstable/ast/is'
import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { API, type Program } from 'typescript/unstable/async'

/** A source file, parsed but not type-checked. `path` is relative to the project, with forward slashes. */
export interface Module {
  readonly path: string
  readonly text: string
  readonly tree: SourceFile
}

// The parser sees this folder only: nothing of the real disk, no libraries, no resolved imports.
const VIRTUAL_ROOT = '/project/'
const PARSE_ONLY = JSON.stringify({
  compilerOptions: { noLib: true, noResolve: true, types: [], allowImportingTsExtensions: true, noEmit: true },
  include: ['**/*.ts'],
})

/** Reads and parses the files of the project at `root` that match `patterns`. */
export function parseProject(root: string, patterns: readonly string[]): Promise<Module[]> {
  const paths = globSync(patterns, { cwd: root }).sort()
  return parseTexts(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])))
}

/** Parses TypeScript texts, given by their path in the project. */
export async function parseTexts(texts: ReadonlyMap<string, string>): Promise<Module[]> {
  if (texts.size === 0) return []
  const files = new Map([...texts].map(([path, text]) => [VIRTUAL_ROOT + path, text]))
  const fs = createVirtualFileSystem(Object.fromEntries(files.set(`${VIRTUAL_ROOT}tsconfig.json`, PARSE_ONLY)))
  const parser = new API({ cwd: VIRTUAL_ROOT, fs })
  try {
    const snapshot = await parser.updateSnapshot({ openProjects: [`${VIRTUAL_ROOT}tsconfig.json`] })
    const program = snapshot.getProjects()[0]?.program
    return await Promise.all([...texts].map(([path, text]) => parsed(path, text, program)))
  } finally {
    await parser.close()
  }
}

async function parsed(path: string, text: string, program: Program | undefined): Promise<Module> {
  const tree = await program?.getSourceFile(VIRTUAL_ROOT + path)
  if (!tree) throw new Error(`The TypeScript parser did not return ${path}.`)
  return { path, text, tree }
}

/** Every node below `node`, outer ones first. */
export function* descendants(node: Node): Generator<Node> {
  const children: Node[] = []
  node.forEachChild((child) => {
    children.push(child)
  })
  for (const child of children) {
    yield child
    yield* descendants(child)
  }
}

/** Line of the first character of `node`, counted from 1, without the comments before it. */
export function lineOf(module: Module, node: Node): number {
  return lineAt(module, node.getStart(module.tree))
}

/** Line of a position in the text, counted from 1. */
export function lineAt(module: Module, position: number): number {
  return module.text.slice(0, position).split('\n').length
}

/** An import or re-export; `statement` is the declaration or the `import()` call. */
export interface Import {
  readonly specifier: string
  readonly statement: Node
}

/** Everything a module imports: `import`, `export ... from` and `import()` of a literal. */
export function importsOf(module: Module): Import[] {
  const imports: Import[] = []
  for (const node of descendants(module.tree)) {
    const specifier = specifierOf(node)
    if (specifier !== undefined) imports.push({ specifier, statement: node })
  }
  return imports
}

function specifierOf(node: Node): string | undefined {
  const source =
    isImportDeclaration(node) || isExportDeclaration(node)
      ? node.moduleSpecifier
      : isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : undefined
  return source && isStringLiteral(source) ? source.text : undefined
}
