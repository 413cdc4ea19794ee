import { CliFailure } from '../terminal/failure.ts'
import { type DecodedToken, decodeToken, isJsonObject, textClaim } from '../connection/token-claims.ts'

interface Mistake {
  readonly looksLikeIt: (text: string) => boolean
  readonly what: string
  readonly why: string
  readonly fix: string
}

const exchangeIt =
  'Exchange it for a token: POST /oauth/token with grant_type=client_credentials, client_id and client_secret.'

// None of these repeats what was pasted: it may be a secret.
const mistakes: readonly Mistake[] = [
  {
    looksLikeIt: (text) => text === '',
    what: 'There is no token to look into.',
    why: 'What was given is empty.',
    fix: 'Pipe one in: echo "$SALLYPORT_TOKEN" | sallyport jwt -',
  },
  {
    looksLikeIt: (text) => /^[0-9a-f]{64}$/i.test(text),
    what: 'That looks like a client secret, not a token.',
    why: 'It has 64 hexadecimal characters. A secret is never sent as a bearer.',
    fix: `${exchangeIt} If it was pasted where others can see it, make a new one.`,
  },
  {
    looksLikeIt: (text) => /^[0-9a-f]{32}$/i.test(text),
    what: 'That looks like the id of a personal access token, not a token.',
    why: 'It has 32 hexadecimal characters. Identities and tracking ids look the same.',
    fix: `${exchangeIt} A tracking id goes to sallyport explain.`,
  },
  {
    looksLikeIt: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
    what: 'That looks like the id of an OAuth client, not a token.',
    why: 'It is a UUID.',
    fix: exchangeIt,
  },
  {
    looksLikeIt: (text) => /^basic\s/i.test(text),
    what: 'That is a Basic header: an id and a secret, not a token.',
    why: 'APIs want a bearer; Basic belongs to the token endpoint.',
    fix: exchangeIt,
  },
  {
    looksLikeIt: (text) => text.split('.').length === 5,
    what: 'That is an encrypted token (JWE).',
    why: 'Only who it was made for can look into it.',
    fix: 'Sallyport issues signed tokens alone; look for another one.',
  },
  {
    looksLikeIt: (text) => text.startsWith('eyJ'),
    what: 'That is the beginning of a token, or a broken one.',
    why: 'A token has three parts of letters, digits, - and _, with dots between them.',
    fix: 'Copy it again in full, without line breaks.',
  },
]

/**
 * The token in what people paste: the bare token, one with line breaks, a header line, or the JSON of a token answer.
 *
 * @throws CliFailure that says what was pasted instead, without repeating it.
 */
export function decodePasted(pasted: string): DecodedToken {
  const text = tokenTextIn(pasted.trim())
  const token = decodeToken(text)
  if (token !== undefined) return token
  const { what, why, fix } = mistakes.find(({ looksLikeIt }) => looksLikeIt(text)) ?? {
    what: 'That is not a token.',
    why: 'A token has three parts of letters, digits, - and _, with dots between them.',
    fix: 'Copy the access_token of a token answer, without quotes.',
  }
  throw new CliFailure({ exit: 'failed', code: 'token.unreadable', what, why, fix })
}

function tokenTextIn(pasted: string): string {
  const answer = parseAnswer(pasted)
  if (answer !== undefined) return textClaim(answer, 'access_token') ?? textClaim(answer, 'refresh_token') ?? ''
  const value = pasted.replace(/^authorization\s*:\s*/i, '')
  if (/^basic\s/i.test(value)) return value
  return value.replace(/^bearer\s+/i, '').replace(/[\s"']/g, '')
}

function parseAnswer(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
