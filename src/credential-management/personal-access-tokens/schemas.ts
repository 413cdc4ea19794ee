import { type TObject, Type } from 'typebox'
import { collectionParameters } from '../../collections/collection-query.ts'
import { AccessTokenSeconds, Label, Scopes } from '../../credentials/values.ts'
import type { IscVersion } from '../../http/isc-routes.ts'
import { expiryRuleOf } from '../../personal-access-tokens/representation.ts'
import { NullableText, nullable, optional } from '../../http/nullable.ts'

export const TokenListQuery = Type.Object({
  'owner-id': Type.Optional(Type.String({ maxLength: 64, description: 'An identity, or me. Everybody if left out.' })),
  ...collectionParameters,
})

export const CredentialId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

/** What a version takes to make a token: the later ones know tokens that never expire. */
export const createBodyIn = (version: IscVersion): TObject =>
  Type.Object(
    {
      name: Label,
      scope: optional(Scopes),
      accessTokenValiditySeconds: optional(AccessTokenSeconds),
      expirationDate: optional(Type.String({ format: 'date-time', maxLength: 40 })),
      ...(expiryRuleOf(version) === 'acknowledged' && { userAwareTokenNeverExpires: optional(Type.Boolean()) }),
    },
    { additionalProperties: false },
  )

const common = {
  id: Type.String(),
  name: Type.String(),
  scope: nullable(Type.Array(Type.String())),
  owner: Type.Object({ type: Type.String(), id: Type.String(), name: Type.String() }),
  created: Type.String(),
  accessTokenValiditySeconds: Type.Integer(),
}

export const NewTokenBody = Type.Object({ ...common, secret: Type.String(), expirationDate: NullableText })

export const TokenBody = Type.Object({
  ...common,
  lastUsed: NullableText,
  managed: Type.Boolean(),
  expirationDate: Type.Optional(NullableText),
  userAwareTokenNeverExpires: Type.Optional(Type.Boolean()),
})
