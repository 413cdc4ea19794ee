/** A named set of rights, of which custom user levels are composed. Its rights are scopes. */
export interface RightSet {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly category: string
  readonly scopes: readonly string[]
  readonly parentId: string | null
}

interface Group {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly parts: readonly { id: string; name: string; description: string; scopes: readonly string[] }[]
}

/**
 * What a custom level can be composed of. None grants what would let its holder give out levels or make credentials
 * that outgrow them: those rights stay with ORG_ADMIN.
 */
const groups: readonly Group[] = [
  {
    id: 'sallyport:people',
    name: 'People',
    description: 'Identities, and what they hold',
    parts: [
      {
        id: 'sallyport:people-read',
        name: 'See people',
        description: 'List identities and read their accounts',
        scopes: ['idn:identity:read', 'sp:auth-user:read', 'sallyport:identities:read'],
      },
      {
        id: 'sallyport:people-manage',
        name: 'Manage people',
        description: 'Create, invite, disable, unlock and delete identities that hold no level',
        scopes: ['idn:identity:manage', 'idn:password-user-invite:manage', 'sallyport:identities:manage'],
      },
    ],
  },
  {
    id: 'sallyport:credentials',
    name: 'Credentials',
    description: 'Personal access tokens and API clients of everybody',
    parts: [
      {
        id: 'sallyport:credentials-read',
        name: 'See credentials',
        description: 'List all personal access tokens and API clients, without their secrets',
        scopes: ['sp:all-personal-access-tokens:read', 'sp:oauth-client:read', 'sallyport:credentials:read'],
      },
      {
        id: 'sallyport:credentials-retire',
        name: 'Retire credentials',
        description: 'Delete personal access tokens of others',
        scopes: ['sp:all-personal-access-tokens:manage'],
      },
    ],
  },
  {
    id: 'sallyport:oversight',
    name: 'Oversight',
    description: 'What happened, and how much of it',
    parts: [
      {
        id: 'sallyport:oversight-audit',
        name: 'Read the audit trail',
        description: 'Audit events and refusals',
        scopes: ['sallyport:audit:read'],
      },
      {
        id: 'sallyport:oversight-usage',
        name: 'Read usage',
        description: 'Calls by credential and endpoint',
        scopes: ['sallyport:usage:read', 'sp:api-usage:read'],
      },
    ],
  },
  {
    id: 'sallyport:settings',
    name: 'Settings',
    description: 'How the tenant is set up',
    parts: [
      {
        id: 'sallyport:settings-read',
        name: 'See settings',
        description: 'Security settings, sign-in profiles and catalogs',
        scopes: [
          'sp:auth-org:read',
          'sp:auth-profile:read',
          'idn:org-configs:read',
          'idn:public-identity-config:read',
          'sallyport:settings:read',
          'sallyport:catalogs:read',
        ],
      },
    ],
  },
]

const builtIn: ReadonlyMap<string, RightSet> = new Map(
  groups.flatMap(({ parts, ...group }) => [
    [group.id, { ...group, category: group.name, scopes: [], parentId: null }],
    ...parts.map((part): [string, RightSet] => [part.id, { ...part, category: group.name, parentId: group.id }]),
  ]),
)

const OF_A_SCOPE = 'scope:'
/** Scopes of other people's APIs; what guards ours is in the built-in sets, as far as a level may have it. */
const GRANTABLE_SCOPE = /^(?!sp:|sallyport:|idn:user-level:)[\x21\x23-\x5b\x5d-\x7e]{1,200}$/

/** True for a scope that a level may be given by itself, as the right set `scope:` and its name. */
export const isGrantableScope = (scope: string): boolean => GRANTABLE_SCOPE.test(scope)

/** The right set that stands for one scope of an API that the tenant put behind the gateway. */
export const rightSetOfScope = (scope: string): RightSet => ({
  id: `${OF_A_SCOPE}${scope}`,
  name: scope,
  description: `What the scope ${scope} opens`,
  category: 'Scopes',
  scopes: [scope],
  parentId: null,
})

/** The right set of this id, if levels may have it. */
export function findRightSet(id: string): RightSet | undefined {
  const scope = id.startsWith(OF_A_SCOPE) ? id.slice(OF_A_SCOPE.length) : undefined
  return scope !== undefined && isGrantableScope(scope) ? rightSetOfScope(scope) : builtIn.get(id)
}

/** The built-in right sets, parents before their children. */
export const builtInRightSets: readonly RightSet[] = [...builtIn.values()]

/** The children of a right set. */
export const childrenOf = (id: string): readonly RightSet[] =>
  builtInRightSets.filter(({ parentId }) => parentId === id)

/**
 * The scopes of a level with these right sets. A parent alone grants all its children; beside some of them, exactly
 * those. An id that is no longer known grants nothing.
 */
export function scopesOf(rightSets: readonly string[]): string[] {
  const granted = rightSets.flatMap((id) => {
    const children = childrenOf(id)
    const isNarrowed = children.some((child) => rightSets.includes(child.id))
    return [findRightSet(id)?.scopes ?? [], isNarrowed ? [] : children.flatMap(({ scopes }) => scopes)].flat()
  })
  return [...new Set(granted)]
}
