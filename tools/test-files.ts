import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'

const ALL_TESTS = ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts']

/** The support files through which tests reach a database of either kind. */
const DATABASE_SUPPORT = /^test\/support\/test-(?:app|database)\.ts$/

/** Test files below `root` that match `patterns`; all of them without any. Paths are relative to `root`. */
export function findTestFiles(root: string, patterns: readonly string[]): string[] {
  const found = globSync(patterns.length > 0 ? [...patterns] : ALL_TESTS, { cwd: root })
  return found.filter((path) => path.endsWith('.test.ts')).sort()
}

/**
 * Whether a test file is to run once per kind of database: it imports the support files that open one, itself or
 * through other support files, or speaks of TEST_DATABASE.
 */
export function usesDatabase(root: string, path: string): boolean {
  return reachesDatabase(root, path, new Set())
}

function reachesDatabase(root: string, path: string, seen: Set<string>): boolean {
  if (DATABASE_SUPPORT.test(path)) return true
  if (seen.has(path) || !existsSync(join(root, path))) return false
  seen.add(path)
  const text = readFileSync(join(root, path), 'utf8')
  if (path.endsWith('.test.ts') && text.includes('TEST_DATABASE')) return true
  const imported = [...text.matchAll(/['"](\.\.?\/[^'"]+\.ts)['"]/g)].map(([, target = '']) =>
    join(dirname(path), target),
  )
  return imported.filter((target) => target.startsWith('test/')).some((target) => reachesDatabase(root, target, seen))
}
