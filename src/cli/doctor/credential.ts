import { type Credential, findCredential } from '../connection/connection.ts'
import { CliFailure } from '../terminal/failure.ts'
import { decodePasted } from '../jwt/pasted-token.ts'
import { fail, type Finding, type Found, ok, warn } from './findings.ts'
import { wordsOf } from './info.ts'

const NAME = 'credential'
const SECRET = /^[0-9a-f]{64}$/i
const PERSONAL_ACCESS_TOKEN_ID = /^[0-9a-f]{32}$/
const CLIENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Does what the environment holds have the shape of a credential? The values are never repeated. */
export function readCredential(env: NodeJS.ProcessEnv): Found<Credential> {
  try {
    const credential = findCredential(env)
    const finding = findingOn(credential, env)
    return finding.outcome === 'fail' ? { finding } : { finding, value: credential }
  } catch (error) {
    if (error instanceof CliFailure) return { finding: fail(NAME, wordsOf(error), error.story.fix) }
    throw error
  }
}

function findingOn(credential: Credential, env: NodeJS.ProcessEnv): Finding {
  if (credential.kind === 'token') {
    decodePasted(credential.token)
    return ok(NAME, 'An access token is set.')
  }
  const { clientId, clientSecret } = credential
  const [message, fix] = mistakeIn(clientId, clientSecret) ?? []
  if (message !== undefined && fix !== undefined) return fail(NAME, message, fix)
  const other = env['SALLYPORT_CLIENT_ID'] && env['SAIL_CLIENT_ID']
  if (other && other !== clientId)
    return warn(NAME, 'SALLYPORT_CLIENT_ID and SAIL_CLIENT_ID differ; the former is used.', 'Unset one of them.')
  if (!SECRET.test(clientSecret))
    return warn(NAME, 'The secret does not have the 64 hexadecimal characters of one.', 'Copy it again.')
  if (PERSONAL_ACCESS_TOKEN_ID.test(clientId))
    return ok(NAME, 'The id is that of a personal access token: it acts as its owner.')
  if (CLIENT_ID.test(clientId)) return ok(NAME, 'The id is that of an API client: it acts without a user.')
  return warn(NAME, 'The id is neither that of a personal access token nor of an API client.', 'Copy it again.')
}

function mistakeIn(id: string, secret: string): [message: string, fix: string] | undefined {
  if (id !== id.trim() || secret !== secret.trim())
    return ['The id or the secret begins or ends with a space or a line end.', 'Copy it without.']
  if (/^(["']).*\1$/.test(id) || /^(["']).*\1$/.test(secret))
    return ['The id or the secret stands in quotes, which became part of it.', 'Set it without.']
  if (SECRET.test(id)) return ['The id has the shape of a secret.', 'Are the two mixed up? The id is the shorter one.']
  if (id.startsWith('eyJ')) return ['The id has the shape of a token.', 'Set SALLYPORT_TOKEN to it, or the id instead.']
  if (secret.startsWith('eyJ'))
    return ['The secret has the shape of a token.', 'Set SALLYPORT_TOKEN to it, or the secret instead.']
  if (/^[A-Za-z0-9]{16}$/.test(id))
    return [
      'The id has the shape of a legacy API key, which never works with OAuth 2.0.',
      'Create an API client or a personal access token.',
    ]
  if (/[A-F]/.test(id) && /^[0-9A-Fa-f-]{32,36}$/.test(id))
    return ['The id has upper-case letters; ids are lower case.', 'Copy it as it was shown.']
  return undefined
}
