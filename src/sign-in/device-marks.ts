import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { hmacSha256 } from '../keys/hmac.ts'

/** That somebody has signed in on a device. */
export interface DeviceMark {
  /** 128 random bits. */
  readonly deviceId: string
  /** The change-log position up to which everything was known at that sign-in: a later cut-off ends the mark. */
  readonly position: number
  readonly endsAtMs: number
}

/** Whose mark it is. A restore raises the epoch of the tenant: positions of before mean nothing after it. */
export interface MarkOwner {
  tenant: { readonly id: string; readonly epoch: number }
  identityId: string
}

const MARK = /^([A-Za-z0-9_-]{22})\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([A-Za-z0-9_-]{43})$/

/** The mark as a cookie carries it: the server keeps nothing of it, and knows it again by its MAC. */
export function writeMark(key: KeyObject, owner: MarkOwner, { deviceId, position, endsAtMs }: DeviceMark): string {
  const said = `${deviceId}.${position.toString(36)}.${endsAtMs.toString(36)}`
  return `${said}.${macOf(key, owner, said)}`
}

/** What a mark says, when it is one of ours for this owner; undefined for anything else. It may have ended. */
export function readMark(key: KeyObject, owner: MarkOwner, text: string): DeviceMark | undefined {
  const [, deviceId = '', position = '', endsAt = '', mac] = MARK.exec(text) ?? []
  if (mac === undefined) return undefined
  const expected = macOf(key, owner, `${deviceId}.${position}.${endsAt}`)
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) return undefined
  return { deviceId, position: Number.parseInt(position, 36), endsAtMs: Number.parseInt(endsAt, 36) }
}

const macOf = (key: KeyObject, { tenant: { id, epoch }, identityId }: MarkOwner, said: string): string =>
  hmacSha256(key, `device ${id} ${epoch} ${identityId} ${said}`, 'base64url')
