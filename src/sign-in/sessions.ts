import { hash, randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import type { SessionRow, Tx } from '../database/schema.ts'
import { type CookieScheme, clearCookie, readCookie, writeCookie } from '../http/cookies.ts'
import type { Identities } from '../identities/find.ts'
import type { Identity } from '../identities/identity.ts'
import type { Actor, RequestContext } from '../request-context.ts'
import { isCutOffSince } from '../revocations/durable-cut-offs.ts'
import { isNetworkAllowed } from '../tenants/network-rules.ts'
import type { Tenant } from '../tenants/tenant.ts'
import {
  deleteDeadSessionRows,
  deleteSessionRow,
  findSessionRow,
  insertSessionRow,
  touchSessionRow,
} from './session-store.ts'

/** Somebody who is signed in, in one browser. */
export interface Session {
  /** What the database knows the session by; not the cookie's value. */
  readonly digest: string
  readonly identity: Identity
  readonly authenticatedAtMs: number
  readonly isRemembered: boolean
}

/** A session to begin. */
export interface SessionStart {
  identityId: string
  isRemembered: boolean
  /** The change-log position up to which everything was known BEFORE the password was read: a later cut-off ends it. */
  position: number
  /** The `Cookie` header: whatever session it holds ends, so that nobody's session id outlives a sign-in. */
  cookieHeader: string | undefined
}

const NAME = 'sallyport-session'
const ID = /^[A-Za-z0-9_-]{43}$/
const MINUTE_MS = 60_000

/** The sessions of people in their browsers: a row each, found by the digest of a random id that only the cookie holds. */
export class Sessions {
  readonly #identities: Pick<Identities, 'find'>
  readonly #scheme: () => CookieScheme

  constructor(identities: Pick<Identities, 'find'>, scheme: () => CookieScheme) {
    this.#identities = identities
    this.#scheme = scheme
  }

  /**
   * The live session of a `Cookie` header. It is dead when idle for too long, past its end, its identity is disabled or
   * cut off since, the tenant is, or the tenant's network rule keeps the caller out.
   */
  async find(ctx: RequestContext, tenant: Tenant, cookieHeader: string | undefined): Promise<Session | undefined> {
    const digest = this.#digestOf(cookieHeader)
    if (digest === undefined || !isNetworkAllowed(tenant.settings.network, ctx.network)) return undefined
    const row = await findSessionRow(ctx.db, tenant.id, digest)
    if (!row || row.expires_at <= ctx.nowMs || row.last_seen_at + row.idle_ms <= ctx.nowMs) return undefined
    const subjects = [
      { kind: 'identity', subject: row.identity_id },
      { kind: 'tenant', subject: tenant.id },
    ] as const
    if (await isCutOffSince(ctx.db, tenant.id, subjects, row.issued_position)) return undefined
    const identity = await this.#identities.find(ctx.db, tenant.id, row.identity_id)
    if (!identity?.isEnabled) return undefined
    await touch(ctx, row)
    return { digest, identity, authenticatedAtMs: row.authenticated_at, isRemembered: row.is_remembered === 1 }
  }

  /** Begins a session within the caller's transaction, and answers its `Set-Cookie` value. */
  async start(tx: Tx, ctx: RequestContext, tenant: Tenant, start: SessionStart): Promise<string> {
    const { identityId, isRemembered, position, cookieHeader } = start
    const { maxIdleTime, maxSessionTime } = tenant.settings.session
    const id = randomBytes(32).toString('base64url')
    await this.#endPresented(tx, ctx, cookieHeader)
    await deleteDeadSessionRows(tx, tenant.id, { identityId, nowMs: ctx.nowMs })
    await insertSessionRow(tx, {
      tenant_id: tenant.id,
      digest: hash('sha256', id),
      identity_id: identityId,
      authenticated_at: ctx.nowMs,
      last_seen_at: ctx.nowMs,
      // A browser that its owner asked to remember them is not signed out for being idle.
      idle_ms: (isRemembered ? maxSessionTime : maxIdleTime) * MINUTE_MS,
      expires_at: ctx.nowMs + maxSessionTime * MINUTE_MS,
      is_remembered: isRemembered ? 1 : 0,
      issued_position: position,
    })
    const about = { targetKind: 'identity', targetId: identityId }
    await recordAudit(tx, ctx, { action: 'session.started', ...about, details: { isRemembered } })
    const maxAgeSeconds = isRemembered ? maxSessionTime * 60 : undefined
    return writeCookie(NAME, id, { scheme: this.#scheme(), maxAgeSeconds })
  }

  /** Ends the session of a `Cookie` header, if there is one, and answers the `Set-Cookie` value that removes the cookie. */
  async end(ctx: RequestContext, cookieHeader: string | undefined): Promise<string> {
    await ctx.db.transaction().execute((tx) => this.#endPresented(tx, ctx, cookieHeader))
    return clearCookie(NAME, this.#scheme())
  }

  async #endPresented(tx: Tx, ctx: RequestContext, cookieHeader: string | undefined): Promise<void> {
    const digest = this.#digestOf(cookieHeader)
    const identityId = digest === undefined ? undefined : await deleteSessionRow(tx, ctx.tenantId, digest)
    if (identityId === undefined) return
    await recordAudit(tx, ctx, { action: 'session.ended', targetKind: 'identity', targetId: identityId })
  }

  #digestOf(cookieHeader: string | undefined): string | undefined {
    const id = readCookie(cookieHeader, NAME, this.#scheme())
    return id !== undefined && ID.test(id) ? hash('sha256', id) : undefined
  }
}

const TOUCH_SHARE = 0.1

/** Writes that a session is in use; not at every request, but often enough for its idle limit. */
async function touch({ db, tenantId, nowMs }: RequestContext, row: SessionRow): Promise<void> {
  if (nowMs - row.last_seen_at < row.idle_ms * TOUCH_SHARE) return
  await touchSessionRow(db, tenantId, { digest: row.digest, nowMs })
}

/** An identity that acts in its own browser, through no client. */
export const actorInBrowser = (identityId: string): Actor => ({ kind: 'identity', id: identityId, clientId: '' })
