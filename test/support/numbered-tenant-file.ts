import { createHash } from 'node:crypto'

const hex = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The token that comes with a number; that of 0 is in every file. */
export const numberedToken = (number: number) => ({
  name: 'ci',
  id: hex(`token ${number}`).slice(0, 32),
  secret: hex(`secret ${number}`),
  scope: ['sp:scopes:all'],
})

/** The client that every file changes. */
export const CHANGING_CLIENT = 'b61429f5-203d-494c-94c3-04f54e17bc5c'

/** A tenant file that makes a person and a token of this number, and changes what a client says of itself. */
export const numberedTenantFile = (number: number): object => ({
  tenant: { name: 'acme', default: true },
  identities: [0, number].map((each) => ({
    alias: `person-${each}`,
    userLevels: ['ORG_ADMIN'],
    personalAccessTokens: [numberedToken(each)],
  })),
  oauthClients: [
    { name: 'Changing', id: CHANGING_CLIENT, grantTypes: ['CLIENT_CREDENTIALS'], description: String(number) },
  ],
})
