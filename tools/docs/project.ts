import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A mistake that a check could not get past, told in one line. */
export class CheckFailed extends Error {}

/** Reads a document of the project. @throws CheckFailed when it is not there. */
export function readDocument(root: string, path: string): string {
  if (!existsSync(join(root, path))) throw new CheckFailed(`${path} does not exist yet: write it`)
  return readFileSync(join(root, path), 'utf8')
}

/** Calls the function `name` of a module of the project. @throws CheckFailed when there is no such module or function. */
export async function callExport(root: string, path: string, name: string): Promise<unknown> {
  if (!existsSync(join(root, path))) throw new CheckFailed(`${path} does not exist yet: it is to export ${name}()`)
  const exported = new Map<string, unknown>(
    Object.entries((await import(pathToFileURL(join(root, path)).href)) as object),
  )
  const found = exported.get(name)
  if (typeof found !== 'function') throw new CheckFailed(`${path} does not export ${name}()`)
  return (found as () => unknown)()
}
