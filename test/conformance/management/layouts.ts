import { builtInOperations, type DeclaredRoute } from '../../../src/catalogs/built-in.ts'

/** An operation as rows of the table have it: `GET /v2025/identities/{id}` and `GET /identities/v1/{id}` are one. */
const withoutVersion = (operation: string): string =>
  operation
    .replace(/ \/(?:v3|beta|v20\d\d)\//, ' /')
    .replace(/ \/([a-z-]+)\/v1(?=\/|$)/, (whole, resource: string) =>
      resource === 'sallyport' ? whole : ` /${resource}`,
    )

/** Every route that not just anybody may call, by its operation without a version: the layouts that have it. */
export function layoutsOf(routes: readonly DeclaredRoute[]): ReadonlyMap<string, readonly string[]> {
  const layouts = new Map<string, string[]>()
  for (const { method, path, policy } of builtInOperations(routes)) {
    if (policy.isPublic) continue
    const operation = `${method} ${path}`
    layouts.getOrInsertComputed(withoutVersion(operation), () => []).push(operation)
  }
  return layouts
}
