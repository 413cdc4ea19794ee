import { Type } from 'typebox'
import { collectionParameters } from '../../collections/collection-query.ts'
import { Scopes } from '../../credentials/values.ts'
import { nullable, NullableText, optional } from '../../http/nullable.ts'
import { changeableValues } from '../../oauth-clients/values.ts'

export const ClientListQuery = Type.Object(collectionParameters)
export const ClientId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

export const CreateClientBody = Type.Object(
  {
    ...changeableValues,
    description: nullable(changeableValues.description.anyOf[0]),
    type: Type.Optional(Type.Enum(['CONFIDENTIAL', 'PUBLIC'])),
    internal: Type.Optional(
      Type.Boolean({ description: 'Ignored: a client that is made over the API is not internal.' }),
    ),
    scope: optional(Scopes),
  },
  { additionalProperties: false },
)

const Texts = Type.Array(Type.String())
const common = {
  id: Type.String(),
  businessName: Type.String(),
  homepageUrl: Type.String(),
  name: Type.String(),
  description: Type.String(),
  accessTokenValiditySeconds: Type.Integer(),
  refreshTokenValiditySeconds: Type.Integer(),
  redirectUris: Texts,
  grantTypes: Texts,
  accessType: Type.String(),
  type: Type.String(),
  internal: Type.Boolean(),
  enabled: Type.Boolean(),
  strongAuthSupported: Type.Boolean(),
  claimsSupported: Type.Boolean(),
  created: Type.String(),
  modified: Type.String(),
  scope: nullable(Texts),
}

export const NewClientBody = Type.Object({ ...common, secret: Type.String() })
export const ClientBody = Type.Object({
  ...common,
  secret: NullableText,
  metadata: NullableText,
  lastUsed: NullableText,
})
export const OurClientBody = Type.Object({ ...ClientBody.properties, pkceRequired: Type.Boolean() })
