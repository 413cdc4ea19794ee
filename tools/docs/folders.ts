import { rows } from '../boundaries/rows.ts'
import { documentedTerms, drift } from './markdown.ts'
import { readDocument } from './project.ts'

const DOCUMENT = 'docs/architecture.md'

/** The page about the architecture has every folder of src/ once, in the order in which they may import each other. */
export async function checkFolders(root: string): Promise<string[]> {
  const places = rows.flat().map((name) => (name.endsWith('.ts') ? name : `${name}/`))
  const told = documentedTerms(readDocument(root, DOCUMENT))
  const differences = drift(DOCUMENT, places, told)
  if (differences.length > 0 || told.join() === places.join()) return differences
  const first = told.find((each, index) => each !== places[index])
  return [`${DOCUMENT} has \`${first}\` out of the order of tools/boundaries/rows.ts, or twice`]
}
