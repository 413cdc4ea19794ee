import { type KeyObject, randomBytes } from 'node:crypto'
import { type CookieScheme, readCookie, writeCookie } from '../http/cookies.ts'
import type { RequestContext } from '../request-context.ts'
import { isCutOffSince } from '../revocations/durable-cut-offs.ts'
import { type DeviceMark, type MarkOwner, readMark, writeMark } from './device-marks.ts'

const NAME = 'sallyport-devices'
/** A browser is known to so many people at a time; the one who was away longest is forgotten first. */
const MARKS_MAX = 4
const DAYS = 90
const DAY_SECONDS = 86_400

export interface Remembering extends MarkOwner {
  /** The change-log position up to which everything was known BEFORE the password was read. */
  position: number
  cookieHeader: string | undefined
}

/**
 * Browsers in which somebody signed in before, known by a cookie and by nothing in the database. Who guesses at a
 * password locks out strangers with it, and not the owner at home (OWASP, "device cookies"). The cookie signs nobody in.
 */
export class KnownDevices {
  readonly #key: KeyObject
  readonly #scheme: () => CookieScheme

  constructor(key: KeyObject, scheme: () => CookieScheme) {
    this.#key = key
    this.#scheme = scheme
  }

  /**
   * The id of the device that sends this `Cookie` header, when this identity signed in there within 90 days, and was
   * not disabled, given another password or otherwise cut off since.
   */
  async find(
    ctx: RequestContext,
    { cookieHeader, ...owner }: MarkOwner & Pick<Remembering, 'cookieHeader'>,
  ): Promise<string | undefined> {
    for (const text of this.#marksIn(cookieHeader)) {
      const mark = readMark(this.#key, owner, text)
      if (mark && mark.endsAtMs > ctx.nowMs && !(await isCutOff(ctx, owner, mark))) return mark.deviceId
    }
    return undefined
  }

  /** Whether somebody may be known here: forged marks and those of others count too. Asks nothing and nobody. */
  mayKnow(cookieHeader: string | undefined): boolean {
    return this.#marksIn(cookieHeader).length > 0
  }

  /** The `Set-Cookie` value by which this browser is known from now on, under the id it has if it has one. */
  remember({ nowMs }: RequestContext, { position, cookieHeader, ...owner }: Remembering): string {
    const marks = this.#marksIn(cookieHeader).map((text) => ({ text, own: readMark(this.#key, owner, text) }))
    const deviceId = marks.find(({ own }) => own)?.own?.deviceId ?? randomBytes(16).toString('base64url')
    const endsAtMs = nowMs + DAYS * DAY_SECONDS * 1000
    const fresh = writeMark(this.#key, owner, { deviceId, position, endsAtMs })
    const others = marks.flatMap(({ text, own }) => (own ? [] : [text])).slice(0, MARKS_MAX - 1)
    return writeCookie(NAME, [fresh, ...others].join('~'), {
      scheme: this.#scheme(),
      maxAgeSeconds: DAYS * DAY_SECONDS,
    })
  }

  #marksIn(cookieHeader: string | undefined): string[] {
    const value = readCookie(cookieHeader, NAME, this.#scheme())
    return value === undefined ? [] : value.split('~', MARKS_MAX).filter((text) => LOOK.test(text))
  }
}

/** Nothing else is sent back in a cookie of ours. */
const LOOK = /^[A-Za-z0-9_.-]{1,100}$/

const isCutOff = (
  { db }: RequestContext,
  { tenant: { id: tenantId }, identityId }: MarkOwner,
  { position }: DeviceMark,
) =>
  isCutOffSince(
    db,
    tenantId,
    [
      { kind: 'identity', subject: identityId },
      { kind: 'tenant', subject: tenantId },
    ],
    position,
  )
