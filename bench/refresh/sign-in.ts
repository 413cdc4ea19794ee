import { createHash } from 'node:crypto'
import type { Credential } from '../token/credential.ts'

/** Where codes are sent. */
export const REDIRECT_URI = 'https://portal.example/callback'

/** All codes are asked for with one proof key (RFC 7636): checking it costs the same each time. */
export const CODE_VERIFIER = 'bench-'.repeat(8)
export const CODE_CHALLENGE = createHash('sha256').update(CODE_VERIFIER).digest('base64url')

/** What a confidential client posts for a code. */
export const codeForm = ({ clientId, clientSecret }: Credential, code: string): string =>
  new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    client_secret: clientSecret,
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: CODE_VERIFIER,
  }).toString()

/** What a confidential client posts for a refresh token. */
export const refreshForm = ({ clientId, clientSecret }: Credential, refreshToken: string): string =>
  new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  }).toString()
