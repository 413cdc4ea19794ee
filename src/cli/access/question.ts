import { excerpt } from '../../config/printable.ts'
import { type Client, openClient } from '../connection/client.ts'
import { asExplanation, type Explanation } from './explanation.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { type PersonaOptions, parsePersona } from './persona.ts'
import { decodeToken, textClaim } from '../connection/token-claims.ts'

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const example = 'sallyport explain GET /v3/sources --as client:ID'
const SUCH_AS = 'Give both, such as GET /v3/sources.'

/**
 * Asks the server whether a request may pass.
 *
 * @throws CliFailure for a question that makes no sense, and for what `openClient` and its calls fail with.
 */
export async function askAbout(io: Io, method: string, target: string, options: PersonaOptions): Promise<Explanation> {
  const request = { method: parseMethod(method), path: parsePath(target) }
  const asked = parsePersona(options)
  const client = await openClient(io, options)
  return ask(client, { ...request, ...(asked ?? { clientId: ownClientId(client) }) })
}

/**
 * Asks the server what became of a request that it answered.
 *
 * @throws CliFailure as `askAbout` does.
 */
export async function askAboutTrackingId(io: Io, trackingId: string, options: PersonaOptions): Promise<Explanation> {
  if (parsePersona(options) !== undefined) {
    throw usageFailure(
      'A tracking id is not asked about as somebody else.',
      'The request it stands for was made by one credential.',
      `Leave --as, --context, --scope and --level out, or name a request: ${example}`,
    )
  }
  return ask(await openClient(io, options), { trackingId })
}

async function ask(client: Client, question: object): Promise<Explanation> {
  return asExplanation(await client.post('/sallyport/v1/explain', question))
}

function parseMethod(text: string): string {
  const method = text.toUpperCase()
  if (METHODS.has(method)) return method
  throw usageFailure(`${excerpt(text)} is no HTTP method.`, 'The method comes first, then the path.', SUCH_AS)
}

function parsePath(text: string): string {
  const path = /^https?:\/\//.test(text) ? URL.parse(text)?.pathname : text.split(/[?#]/)[0]
  if (path?.startsWith('/')) return path
  throw usageFailure(`${excerpt(text)} is no path.`, 'A path begins with a slash.', SUCH_AS)
}

function ownClientId({ token }: Client): string {
  const clientId = textClaim(decodeToken(token)?.claims ?? {}, 'client_id')
  if (clientId !== undefined) return clientId
  const why = 'The token in use does not say which client it was issued to.'
  throw usageFailure('As whom shall be asked?', why, `Name a credential: ${example}`)
}
