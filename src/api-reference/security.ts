import type { TenantOrigins } from '../tenants/origins.ts'
import { isObject, type JsonSchema } from './json-schema.ts'

type Requirement = Readonly<Record<string, readonly string[]>>

/** What a route demands, in the words of ISC's documents: any token at all is one of a user or of an application. */
export function requirementsOf(declared: unknown): Requirement[] {
  const alternatives = Array.isArray(declared) ? declared.filter(isObject) : []
  return alternatives.flatMap((alternative): Requirement[] =>
    'anyToken' in alternative ? [{ userAuth: [] }, { applicationAuth: [] }] : [alternative as Requirement],
  )
}

/** Who may call, as a sentence. */
export function demandOf(requirements: readonly Requirement[], userLevels: readonly string[]): string {
  const user = requirements.find((requirement) => 'userAuth' in requirement)?.['userAuth']
  const application = requirements.find((requirement) => 'applicationAuth' in requirement)?.['applicationAuth']
  if (!user && !application) return 'Public.'
  const scopes = [...new Set([...(user ?? []), ...(application ?? [])])]
  const levels = userLevels.filter((level) => level !== 'Any' && level !== 'API')
  return [
    user && application ? 'Takes a token of a user or of an application.' : whose(user !== undefined),
    ...(scopes.length > 0 ? [`Scope: ${scopes.map(code).join(' or ')}.`] : []),
    ...(user && levels.length > 0 ? [`User level: ${levels.map(code).join(' or ')}.`] : []),
  ].join(' ')
}

const whose = (isUser: boolean): string =>
  isUser ? 'Takes the token of a user alone, not of an application.' : 'Takes the token of an application alone.'
const code = (text: string): string => `\`${text}\``

/** The two schemes of ISC's documents, with this tenant's addresses and every scope that a route names. */
export function securitySchemes({ api, login }: TenantOrigins, scopes: readonly string[]): JsonSchema {
  const tokenUrl = `${api}/oauth/token`
  const described = Object.fromEntries(scopes.map((scope) => [scope, '']))
  const clientCredentials = { tokenUrl, scopes: described }
  return {
    userAuth: {
      type: 'oauth2',
      'x-displayName': 'Personal Access Token',
      description: 'A token that stands for a user: made with a personal access token, or with a code.',
      flows: {
        clientCredentials,
        authorizationCode: { authorizationUrl: `${login}/oauth/authorize`, tokenUrl, scopes: described },
      },
    },
    applicationAuth: {
      type: 'oauth2',
      'x-displayName': 'Client Credentials',
      description: 'A token that stands for a client alone, and for no user.',
      flows: { clientCredentials },
    },
  }
}
