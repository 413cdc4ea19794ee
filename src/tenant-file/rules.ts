import { type Static, type TObject, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { Path } from './lines.ts'
import { CatalogEntry, IdentityEntry, OAuthClientEntry, PersonalAccessTokenEntry, TenantEntry } from './schema.ts'
import { isMapping, type Mistake } from './shape.ts'

// Rules see what is right of an entry: a mistake in one key does not hide those in others.
const TenantParts = Type.Partial(TenantEntry)
const IdentityParts = Type.Partial(IdentityEntry)
const TokenParts = Type.Partial(PersonalAccessTokenEntry)
const ClientParts = Type.Partial(OAuthClientEntry)
const CatalogParts = Type.Partial(CatalogEntry)

interface Placed<Parts> {
  readonly parts: Parts
  readonly raw: unknown
  readonly path: Path
}

type SecretSource = { secret?: string; secretFile?: string; secretEnv?: string }

/** What the schema cannot say: which keys exclude or need each other, and what must differ between entries. */
export function brokenRules(contents: unknown): Mistake[] {
  const tenants = placed(TenantParts, [memberOf(contents, 'tenant')], () => ['tenant'])
  const identities = placed(IdentityParts, memberOf(contents, 'identities'), (index) => ['identities', index])
  const tokenLists = identities.map(({ raw, path }) =>
    placed(TokenParts, memberOf(raw, 'personalAccessTokens'), (index) => [...path, 'personalAccessTokens', index]),
  )
  const clients = placed(ClientParts, memberOf(contents, 'oauthClients'), (index) => ['oauthClients', index])
  const catalogs = placed(CatalogParts, memberOf(contents, 'catalogs'), (index) => ['catalogs', index])
  return [
    ...tenants.flatMap(tenantMistakes),
    ...identities.flatMap(identityMistakes),
    ...repeats(identities, 'alias', ({ alias }) => alias?.toLowerCase()),
    ...repeats(identities, 'id', ({ id }) => id),
    ...repeats(identities, 'email', ({ email }) => email?.toLowerCase()),
    ...tokenLists.flat().flatMap(({ parts, path }) => secretMistakes(parts, path)),
    ...tokenLists.flatMap((tokens) => repeats(tokens, 'name', ({ name }) => name)),
    ...repeats(tokenLists.flat(), 'id', ({ id }) => id),
    ...clients.flatMap(clientMistakes),
    ...catalogs.flatMap(catalogMistakes),
    ...repeats(clients, 'id', ({ id }) => id),
    ...repeats(clients, 'name', ({ id, name }) => (id === undefined ? name : undefined)),
    ...repeats(catalogs, 'name', ({ name }) => name),
  ]
}

function tenantMistakes({ parts: { settings }, path }: Placed<Static<typeof TenantParts>>): Mistake[] {
  const { maxIdleTime, maxSessionTime } = settings?.session ?? {}
  const isIdleTooLong = maxIdleTime !== undefined && maxSessionTime !== undefined && maxSessionTime <= maxIdleTime
  return [
    ...when(isIdleTooLong, [...path, 'settings', 'session', 'maxSessionTime'], 'must be more than maxIdleTime'),
    ...when(
      (settings?.network?.geolocation ?? []).length > 0,
      [...path, 'settings', 'network', 'geolocation'],
      'needs a GeoIP file to tell countries by, and this server has none; leave the list empty',
    ),
  ]
}

function identityMistakes({ parts, path }: Placed<Static<typeof IdentityParts>>): Mistake[] {
  return rivalMistakes(parts, path, ['password', 'passwordFile', 'passwordEnv', 'passwordHash'])
}

function clientMistakes({ parts, path }: Placed<Static<typeof ClientParts>>): Mistake[] {
  const grants = new Set<string>(parts.grantTypes)
  const isPublic = parts.type === 'PUBLIC'
  const hasSecret = (parts.secret ?? parts.secretFile ?? parts.secretEnv) !== undefined
  const isCodeClient = grants.has('AUTHORIZATION_CODE')
  return [
    ...secretMistakes(parts, path),
    ...repeatedItems(parts.grantTypes ?? [], [...path, 'grantTypes']),
    ...repeatedItems(parts.redirectUris ?? [], [...path, 'redirectUris']),
    ...when(
      grants.has('REFRESH_TOKEN') && !isCodeClient,
      [...path, 'grantTypes'],
      'must have AUTHORIZATION_CODE too: REFRESH_TOKEN renews what a code began',
    ),
    ...when(
      isCodeClient && parts.redirectUris?.length === 0,
      [...path, 'redirectUris'],
      'must name at least one URI, because AUTHORIZATION_CODE sends codes there',
    ),
    ...when(
      isCodeClient && parts.redirectUris === undefined,
      [...path, 'grantTypes'],
      'has AUTHORIZATION_CODE, which needs at least one of redirectUris',
    ),
    ...when(isPublic && hasSecret, [...path, 'type'], 'is PUBLIC, and a PUBLIC client has no secret; remove one'),
    ...when(
      isPublic && grants.has('CLIENT_CREDENTIALS'),
      [...path, 'grantTypes'],
      'must not have CLIENT_CREDENTIALS: a PUBLIC client has no secret to prove itself with',
    ),
  ]
}

function catalogMistakes({ parts, path }: Placed<Static<typeof CatalogParts>>): Mistake[] {
  const isReal = parts.upstream !== undefined && parts.upstream !== 'sample'
  const message = 'go with upstream: sample alone; a real upstream has its own'
  return when(parts.sampleFaults !== undefined && isReal, [...path, 'sampleFaults'], message)
}

function secretMistakes(source: SecretSource, path: Path): Mistake[] {
  return rivalMistakes(source, path, ['secret', 'secretFile', 'secretEnv'])
}

/** Of these keys, an entry has at most one. */
function rivalMistakes<Key extends string>(
  parts: Partial<Record<Key, unknown>>,
  path: Path,
  keys: readonly Key[],
): Mistake[] {
  const given = keys.filter((key) => parts[key] !== undefined)
  const message = `goes without ${given.slice(0, -1).join(' and ')}; give one of them`
  return when(given.length > 1, [...path, given.at(-1) ?? ''], message)
}

function repeats<Parts>(
  entries: readonly Placed<Parts>[],
  key: string,
  valueOf: (parts: Parts) => string | undefined,
): Mistake[] {
  const seen = new Set<string>()
  return entries.flatMap(({ parts, path }) => {
    const value = valueOf(parts)
    if (value === undefined || !seen.has(value)) {
      if (value !== undefined) seen.add(value)
      return []
    }
    return [{ path: [...path, key], message: 'is taken by an entry above; give each its own' }]
  })
}

function repeatedItems(items: readonly string[], path: Path): Mistake[] {
  return items.flatMap((item, index) =>
    when(items.indexOf(item) < index, [...path, index], 'stands in the list already'),
  )
}

function when(isBroken: boolean, path: Path, message: string): Mistake[] {
  return isBroken ? [{ path, message }] : []
}

function placed<Schema extends TObject>(
  schema: Schema,
  list: unknown,
  pathOf: (index: number) => Path,
): Placed<Static<Schema>>[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((raw: unknown, index) => {
    const parts = isMapping(raw) ? soundParts(schema, raw) : {}
    return Check(schema, parts) ? [{ parts, raw, path: pathOf(index) }] : []
  })
}

function soundParts({ properties }: TObject, raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([key, schema]) => Object.hasOwn(raw, key) && Check(schema, raw[key]))
      .map(([key]) => [key, raw[key]]),
  )
}

function memberOf(value: unknown, key: string): unknown {
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined
}
