import { documentedTerms, drift } from './markdown.ts'
import { callExport, readDocument } from './project.ts'

const DOCUMENT = 'docs/reference/routes.md'

/** Every route the app registers has a row `METHOD /path` in the reference, and the reference has no other. */
export async function checkRoutes(root: string): Promise<string[]> {
  // listRoutes() is ours; what it answers is the list of what Fastify registered.
  const routes = (await callExport(root, 'tools/docs/list-routes.ts', 'listRoutes')) as {
    method: string
    path: string
  }[]
  const served = routes.map(({ method, path }) => templated(`${method} ${path}`))
  const documented = documentedTerms(readDocument(root, DOCUMENT)).filter((term) => /^[A-Z]+ \//.test(term))
  return drift(DOCUMENT, served, documented.map(templated))
}

/** Fastify writes a parameter `:id`, OpenAPI and the reference write `{id}`; all layouts of an operation have one row. */
function templated(route: string): string {
  return route
    .replaceAll(/:([A-Za-z]\w*)/g, '{$1}')
    .replace(/ \/(?:v3|beta|v20\d\d)\//, ' /{version}/')
    .replace(/ \/([a-z-]+)\/v1(?=\/|$)/, (whole, resource: string) =>
      resource === 'sallyport' ? whole : ` /{version}/${resource}`,
    )
}
