import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { localLinks } from './markdown.ts'
import { readDocument } from './project.ts'

/** Every link from one file of the repository to another leads somewhere. */
export async function checkLinks(root: string): Promise<string[]> {
  const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'bench/*.md'], { cwd: root }).sort()
  return documents.flatMap((document) =>
    localLinks(readDocument(root, document))
      .filter((target) => !existsSync(join(root, dirname(document), decodeURI(target))))
      .map((target) => `${document} links to ${target}, which does not exist`),
  )
}
