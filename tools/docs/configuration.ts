import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { callExport, readDocument } from './project.ts'

const DOCUMENT = 'docs/configuration.md'

/** The page about settings is generated: it must be what the settings say today. */
export async function checkConfiguration(root: string): Promise<string[]> {
  const rendered = await callExport(root, 'src/config/document.ts', 'renderConfigurationDoc')
  if (readDocument(root, DOCUMENT) === rendered) return []
  return [`${DOCUMENT} is not what src/config says: run node tools/check-docs.ts --write`]
}

/** Writes the page about settings anew. */
export async function writeConfiguration(root: string): Promise<void> {
  const rendered = await callExport(root, 'src/config/document.ts', 'renderConfigurationDoc')
  writeFileSync(join(root, DOCUMENT), String(rendered))
}
