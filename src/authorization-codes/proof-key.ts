import { hash } from 'node:crypto'

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/

/** True for what an S256 `code_challenge` looks like (RFC 7636 §4.2); no other method is served. */
export const isCodeChallenge = (text: string): boolean => CHALLENGE.test(text)

/** True when the verifier is the one that the challenge was made of (RFC 7636 §4.6). Both come from the caller. */
export const provesChallenge = (verifier: string, challenge: string): boolean =>
  VERIFIER.test(verifier) && hash('sha256', verifier, 'base64url') === challenge
