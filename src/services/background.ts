import { shapeOfPath } from '../denials/path-shape.ts'
import { ExpiryNotices } from '../expiry-notices/expiry-notices.ts'
import type { AllowedAddress } from '../expiry-notices/webhook-address.ts'
import { Webhooks } from '../expiry-notices/webhooks.ts'
import type { Identities } from '../identities/find.ts'
import type { Installation } from '../installation.ts'
import { Janitor } from '../janitor/janitor.ts'
import { LiveLog } from '../live-log/live-log.ts'
import { kindOf } from '../mail/error-kind.ts'
import type { Mailer } from '../mail/mail.ts'
import { nobody } from '../request-context.ts'
import type { ErrorLog } from './error-log.ts'

/** What goes on beside requests. */
export interface Background {
  janitor: Janitor
  liveLog: LiveLog
  webhooks: Webhooks
  expiryNotices: ExpiryNotices
}

export interface BackgroundParts {
  installation: Installation
  identities: Identities
  log: ErrorLog
  mailer: Mailer
  /** Which addresses webhooks may reach beside the internet; none if left out. */
  isWebhookAllowed?: AllowedAddress | undefined
}

export function makeBackground(parts: BackgroundParts): Background {
  const { database, keys, nowMs } = parts.installation
  const webhooks = new Webhooks(keys.webhooks, parts.isWebhookAllowed ?? (() => false))
  return {
    janitor: new Janitor({
      directory: database.directory,
      databaseOf: (tenantId) => database.forTenant(tenantId),
      nowMs,
      onError: (err) => parts.log.error({ err }, 'what expired could not be cleared away; the next hour tries again'),
    }),
    // Embedded, the database has one server, whose log is that of the whole installation.
    liveLog: new LiveLog({ shapeOf: shapeOfPath, isAlone: database.dialect === 'sqlite' }),
    webhooks,
    expiryNotices: expiryNotices(parts, webhooks),
  }
}

function expiryNotices({ installation, identities, log, mailer }: BackgroundParts, webhooks: Webhooks): ExpiryNotices {
  return new ExpiryNotices({
    directory: installation.database.directory,
    contextFor: (tenantId) => installation.contextFor(tenantId, nobody),
    identities,
    mailer,
    webhooks,
    onError: (err) => log.error({ err: kindOf(err) }, 'an expiry notice could not be sent; a later sweep tries again'),
  })
}
