/** What is sent to operations that take a body; paths without a version and without the names of parameters. */
export const bodies: Readonly<Record<string, (version: string) => unknown>> = {
  'POST /personal-access-tokens': () => ({
    name: `conformance ${performance.now()}`,
    expirationDate: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  }),
  'PATCH /personal-access-tokens/{}': () => replace('/name', `renamed ${performance.now()}`),
  'POST /oauth-clients': () => ({
    name: 'Conformance',
    description: 'Made to be looked at',
    accessTokenValiditySeconds: 750,
    grantTypes: ['CLIENT_CREDENTIALS'],
    accessType: 'OFFLINE',
    enabled: true,
  }),
  'PATCH /oauth-clients/{}': () => replace('/description', 'Looked at'),
  'PATCH /auth-users/{}': () => replace('/capabilities', ['HELPDESK']),
  'POST /identities/invite': (version) => ({ ids: [dispensable[version]] }),
  'POST /identities/process': () => ({ identityIds: [PAUL] }),
  'POST /identities/{}/reset': () => undefined,
  'POST /identities/{}/set-lifecycle-state': () => ({ lifecycleStateId: 'active' }),
  'POST /identities/{}/synchronize-attributes': () => undefined,
  'POST /identities/{}/verification/account/send': () => ({ via: 'EMAIL_WORK' }),
  'PUT /public-identities-config': () => ({ attributes: [] }),
  'PATCH /auth-org/lockout-config': () => replace('/maximumAttempts', 6),
  'PATCH /auth-org/session-config': () => replace('/maxIdleTime', 20),
  'POST /auth-org/network-config': () => ({ range: [], geolocation: [], whitelisted: false }),
  'PATCH /auth-org/network-config': () => replace('/whitelisted', false),
  'PATCH /auth-org/service-provider-config': () => replace('/bypassIdp', false),
  'PATCH /auth-profiles/{}': () => replace('/offNetwork', false),
  'PATCH /tenant-context': () => [{ op: 'add', path: '/Key/CTX', value: 'Context' }],
  'PATCH /org-config': () => replace('/timeZone', 'Europe/Zurich'),
  'POST /authorization/custom-user-levels': () => ({
    name: `Conformance ${performance.now()}`,
    description: 'Made to be looked at',
    owner: { type: 'IDENTITY', id: ADA, name: 'Ada' },
    rightSets: [],
  }),
  'PATCH /authorization/custom-user-levels/{}': () => replace('/description', 'Looked at'),
  'POST /authorization/custom-user-levels/{}/publish': () => undefined,
  'POST /authorization/user-levels/get-identity-count': () => ['ORG_ADMIN'],
}

/** The demo's administrator. */
const ADA = '5d1a3f0e9b7c4e2f8a6d1c0b9e8f7a61'
/** Somebody of the demo without any user level. */
const PAUL = '3e5f7a9b1c3d4e6fa8b0c2d4e6f8a164'

/** Ids of things that no list of the same path has; the others are taken from it, or from what was created. */
export const knownIds: Readonly<Record<string, (version: string) => string | undefined>> = {
  'GET /auth-users/{}': () => PAUL,
  'PATCH /auth-users/{}': () => PAUL,
  'GET /identities/{}': () => PAUL,
  'GET /identities/{}/ownership': () => PAUL,
  'POST /identities/{}/set-lifecycle-state': () => PAUL,
  'POST /identities/{}/synchronize-attributes': () => PAUL,
  'POST /identities/{}/verification/account/send': (version) => dispensable[version],
  'POST /identities/{}/reset': (version) => dispensable[version],
  'DELETE /identities/{}': (version) => dispensable[version],
  'GET /authorization/user-levels/{}/identities': () => 'ORG_ADMIN',
}

/** What is right where it is no success: of things that are never there. */
export const rightStatuses: Readonly<Record<string, number>> = {
  // Sallyport assigns no roles, so that the list is empty and no id leads anywhere.
  'GET /identities/{}/role-assignments/{}': 404,
}

/** Whom each version may delete and mail to: people of the demo that no other call needs. */
export const dispensable: Readonly<Record<string, string>> = {
  beta: '7b9d2e4f6a8c4b1d9e3f5a7c1b3d5f63',
  v2025: '0c6e8b2d4f1a49d7b3e5a7c9d1f3b562',
}

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
