import { createHmac, hash, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { BackRefusal, PageRefusal } from './refusal.ts'
import type { AuthorizationRequest } from './request.ts'

/** An authorization request on its way through sign-in and consent, in one browser. */
export interface Interaction {
  /** 128 random bits: an interaction gets one code. */
  readonly id: string
  readonly tenantId: string
  /** Digest of the id of the browser that it was begun in. */
  readonly browser: string
  readonly madeAtMs: number
  readonly request: AuthorizationRequest
  /** What a consent page showed, once there was one: a consent is to that and nothing else. */
  readonly shown?: Shown
}

/** What a person is asked to agree to. */
export interface Shown {
  readonly identityId: string
  /** Digest of the scope. */
  readonly scope: string
}

const LIFETIME_MS = 600_000
const ID_BYTES = 16
/** It travels percent-encoded in a URL, of which 8 KiB are read. */
const SEALED_MAX = 6000
/** What `shown` adds at most. */
const SHOWN_MAX = 200
const SEALED = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/

export interface Beginning {
  tenantId: string
  browserId: string
  nowMs: number
  request: AuthorizationRequest
}

export const beginInteraction = ({ tenantId, browserId, nowMs, request }: Beginning): Interaction => ({
  id: randomBytes(ID_BYTES).toString('base64url'),
  tenantId,
  browser: digestOf(browserId),
  madeAtMs: nowMs,
  request,
})

/** The same interaction with what its consent page shows. */
export const showing = (interaction: Interaction, identityId: string, scope: readonly string[]): Interaction => ({
  ...interaction,
  shown: { identityId, scope: digestOf(scope.join(' ')) },
})

/** True when this is what the consent page showed. */
export const wasShown = ({ shown }: Interaction, identityId: string, scope: readonly string[]): boolean =>
  shown?.identityId === identityId && shown.scope === digestOf(scope.join(' '))

/**
 * Signs an interaction, so that the browser can carry it and nothing is stored for strangers.
 * @throws BackRefusal when no URL could carry it.
 */
export function sealInteraction(key: KeyObject, interaction: Interaction): string {
  const payload = Buffer.from(JSON.stringify(interaction)).toString('base64url')
  const sealed = `${payload}.${macOf(key, payload).toString('base64url')}`
  if (sealed.length > (interaction.shown ? SEALED_MAX : SEALED_MAX - SHOWN_MAX))
    throw new BackRefusal('invalid_request', 'The request is too long. Shorten state or scope.', 'request.too_long')
  return sealed
}

export interface Opening {
  tenantId: string
  browserId: string
  nowMs: number
}

/** @throws PageRefusal unless it is ours, this tenant's, at most ten minutes old and this browser's. */
export function openInteraction(key: KeyObject, sealed: string, opening: Opening): Interaction {
  const interaction = verify(key, sealed)
  if (interaction?.tenantId !== opening.tenantId) throw new PageRefusal('interaction.invalid')
  if (opening.nowMs - interaction.madeAtMs > LIFETIME_MS) throw new PageRefusal('interaction.expired')
  if (digestOf(opening.browserId) !== interaction.browser) throw new PageRefusal('interaction.foreign')
  return interaction
}

function verify(key: KeyObject, sealed: string): Interaction | undefined {
  const [, payload, mac] = (sealed.length <= SEALED_MAX && SEALED.exec(sealed)) || []
  if (payload === undefined || mac === undefined) return undefined
  const given = Buffer.from(mac, 'base64url')
  const expected = macOf(key, payload)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  // The signature says that we wrote it.
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Interaction
}

const digestOf = (text: string): string => hash('sha256', text, 'base64url')

const macOf = (key: KeyObject, payload: string): Buffer => createHmac('sha256', key).update(payload).digest()
