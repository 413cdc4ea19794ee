import { printable } from '../config/printable.ts'
import type { Identity } from '../identities/identity.ts'
import type { Mail } from '../mail/mail.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { ExpiringToken } from './store.ts'

export interface NoticeMail {
  tenant: Pick<Tenant, 'displayName'>
  token: ExpiringToken
  owner: Pick<Identity, 'displayName'> & { email: string }
  nowMs: number
}

const DAY_MS = 86_400_000

/** The mail to the owner of a token that expires soon. */
export function noticeMail({ tenant, token, owner, nowMs }: NoticeMail): Mail {
  const name = printable(token.name)
  const organisation = printable(tenant.displayName)
  const days = Math.ceil((token.expires_at - nowMs) / DAY_MS)
  const when = days === 1 ? 'within a day' : `in ${days} days`
  return {
    to: owner.email,
    subject: `Your ${organisation} token ${name} expires ${when}`,
    text: `Hello ${printable(owner.displayName)},

your ${organisation} personal access token ${name} expires ${when}, on ${new Date(token.expires_at).toUTCString()}.
Its client id is ${token.id}. What calls with it stops working then.

If it is still needed, move its expiration date, or make a new token and give that to whatever calls. If not, you need
do nothing, or delete it today.
`,
  }
}
