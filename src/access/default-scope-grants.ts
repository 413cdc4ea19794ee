const EVERYBODY = ['USER']
const ADMINISTRATORS = ['ORG_ADMIN']
const ADMINISTRATORS_AND_HELPDESK = ['ORG_ADMIN', 'HELPDESK']

/**
 * The user levels that a scope is granted to where operations name no levels, or misleading ones. An entry replaces
 * what the operations of a catalog say; the tenant's own `scopeGrants` replace the entry.
 */
export const defaultScopeGrants: ReadonlyMap<string, readonly string[]> = new Map([
  ['sp:tenant:read', EVERYBODY],
  ['sp:my-personal-access-tokens:read', EVERYBODY],
  ['sp:my-personal-access-tokens:manage', EVERYBODY],
  ['sp:all-personal-access-tokens:read', ADMINISTRATORS],
  ['sp:all-personal-access-tokens:manage', ADMINISTRATORS],
  ['sp:oauth-client:read', ADMINISTRATORS],
  ['sp:oauth-client:manage', ADMINISTRATORS],
  ['sp:auth-user:read', ADMINISTRATORS_AND_HELPDESK],
  ['sp:auth-user:manage', ADMINISTRATORS],
  ['sp:auth-profile:read', ADMINISTRATORS],
  ['sp:auth-profile:update', ADMINISTRATORS],
  ['sp:auth-org:read', ADMINISTRATORS_AND_HELPDESK],
  ['sp:auth-org:manage', ADMINISTRATORS],
  ['idn:identity:read', ['ORG_ADMIN', 'HELPDESK', 'IDENTITY_GRAPH_ADMIN']],
  ['idn:identity:manage', ADMINISTRATORS],
])
