import { type Static, Type } from 'typebox'
import type { IdentityRecord } from '../../identities/list.ts'

const Printable = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+$' })
const Kind = Type.Enum(['HUMAN', 'MACHINE'])

/** An identity to be made. */
export const NewAccount = Type.Object(
  {
    alias: Type.String({ pattern: '^[^\\s\\p{C}]{1,128}$', description: 'The sign-in name, without spaces.' }),
    displayName: Type.Optional(Printable(256)),
    email: Type.Optional(Type.Union([Printable(254), Type.Null()])),
    kind: Type.Optional(Kind),
    enabled: Type.Optional(Type.Boolean()),
    userLevels: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 50 })),
    invite: Type.Optional(Type.Boolean({ description: 'Mail a link to choose a password by.' })),
  },
  { additionalProperties: false },
)
export type NewAccount = Static<typeof NewAccount>

export const PasswordBody = Type.Object(
  { password: Type.String({ minLength: 1, maxLength: 2000 }) },
  { additionalProperties: false },
)

/** An identity as its administrators see it. */
export const Account = Type.Object(
  {
    id: Type.String(),
    alias: Type.String(),
    displayName: Type.String(),
    email: Type.Union([Type.String(), Type.Null()]),
    kind: Kind,
    enabled: Type.Boolean(),
    userLevels: Type.Array(Type.String()),
    hasPassword: Type.Boolean(),
    created: Type.String(),
    modified: Type.String(),
  },
  { additionalProperties: false },
)
export type Account = Static<typeof Account>

export const account = (identity: IdentityRecord): Account => ({
  id: identity.id,
  alias: identity.alias,
  displayName: identity.displayName,
  email: identity.email,
  kind: identity.kind,
  enabled: identity.isEnabled,
  userLevels: [...identity.userLevels],
  hasPassword: identity.hasPassword,
  created: new Date(identity.createdAtMs).toISOString(),
  modified: new Date(identity.modifiedAtMs).toISOString(),
})
