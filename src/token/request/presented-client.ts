import { OAuthError } from '../../oauth/oauth-error.ts'
import { type CollectedParameters, differingRepeat, MAX_VALUE_BYTES, PRINTABLE_ASCII } from './parameters.ts'
import { decodeFormComponent } from '../../http/form.ts'
import { invalidRequest, type RequestFault } from './refuse.ts'

export interface ClientCredentials {
  readonly id: string
  /** Undefined when absent or empty, as from a public client. */
  readonly secret: string | undefined
}

/** Who the client says it is (RFC 6749 §2.3.1); nothing is verified yet. */
export interface PresentedClient extends ClientCredentials {
  readonly method: 'basic' | 'post'
  /**
   * One or two readings of what was sent, to be tried in turn; the first is `id` and `secret` above. Basic has two where
   * form-decoding changes something, because RFC 6749 §2.3.1 wants the halves encoded and many clients do not do it.
   */
  readonly alternatives: readonly ClientCredentials[]
}

const BASIC = /^basic(?: +(.*))?$/i

/**
 * The client of a token request, from `Authorization: Basic` and the parameters; undefined when neither names one.
 * Another scheme than Basic is ignored, because some clients send the bearer that they want to replace.
 *
 * @throws OAuthError `invalid_client` for Basic that cannot be read, `invalid_request` where header and parameters differ
 */
export function presentedClient(
  authorization: string | undefined,
  { clientId, clientSecret }: Pick<CollectedParameters, 'clientId' | 'clientSecret'>,
): PresentedClient | undefined {
  const basic = authorization === undefined ? null : BASIC.exec(authorization)
  if (basic !== null) return basicClient(readBasic(basic[1] ?? ''), clientId, clientSecret)
  if (clientId !== undefined) {
    const only = { id: clientId, secret: clientSecret }
    return { id: clientId, secret: clientSecret, method: 'post', alternatives: [only] }
  }
  if (clientSecret === undefined) return undefined
  throw invalidRequest('parameter.missing', 'The parameter client_id is missing beside client_secret.')
}

function basicClient(
  readings: readonly ClientCredentials[],
  clientId: string | undefined,
  clientSecret: string | undefined,
): PresentedClient {
  const sameId = readings.filter(({ id }) => clientId === undefined || id === clientId)
  // Both secrets come from the caller, so nothing is learned from the time this takes.
  const alternatives = sameId.filter(({ secret }) => clientSecret === undefined || secret === clientSecret)
  const [first] = alternatives
  if (first === undefined) throw differingRepeat(sameId.length === 0 ? 'client_id' : 'client_secret')
  return { id: first.id, secret: first.secret, method: 'basic', alternatives }
}

/** Both readings of a Basic credential (RFC 7617 §2), form-decoded first, raw after it where that differs. */
function readBasic(encoded: string): readonly ClientCredentials[] {
  const bytes = Buffer.from(encoded, 'base64')
  const pair = bytes.toString('latin1')
  const colon = pair.indexOf(':')
  // Buffer.from skips what is not base64: only text that encodes back to itself was meant as it is read.
  if (colon === -1 || bytes.toString('base64') !== encoded) throw malformedBasic()

  const raw = credentials(pair.slice(0, colon), pair.slice(colon + 1))
  if (raw === undefined) throw malformedBasic()
  const decoded = credentials(decodeFormComponent(pair.slice(0, colon)), decodeFormComponent(pair.slice(colon + 1)))
  if (decoded === undefined || (decoded.id === raw.id && decoded.secret === raw.secret)) return [raw]
  return [decoded, raw]
}

function credentials(id: string | undefined, secret: string | undefined): ClientCredentials | undefined {
  if (id === undefined || id === '' || secret === undefined || !isUsable(id) || !isUsable(secret)) return undefined
  return { id, secret: secret === '' ? undefined : secret }
}

function isUsable(text: string): boolean {
  return text.length <= MAX_VALUE_BYTES && PRINTABLE_ASCII.test(text)
}

function malformedBasic() {
  return new OAuthError(
    'invalid_client',
    'The Basic authorization cannot be read. It is the base64 form of client id, colon, client secret.',
    { reason: 'basic.malformed' satisfies RequestFault },
  )
}
