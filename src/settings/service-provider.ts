import { isDeepStrictEqual } from 'node:util'
import { type Static, Type } from 'typebox'
import { DomainError } from '../errors.ts'
import { applyJsonPatch, type JsonPatch } from '../http/json-patch.ts'
import type { TenantOrigins } from '../tenants/origins.ts'
import { requireValid } from './require-valid.ts'
import type { TenantDocument } from './tenant-document.ts'

const closed = { additionalProperties: false } as const
const Text = Type.Optional(Type.String({ maxLength: 2000 }))
const Certificate = Type.Optional(Type.String({ maxLength: 20_000 }))

const JitConfiguration = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    sourceId: Text,
    sourceAttributeMappings: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 500 }))),
  },
  closed,
)

const IdentityProvider = Type.Object(
  {
    role: Type.Literal('SAML_IDP'),
    entityId: Text,
    binding: Text,
    authnContext: Text,
    logoutUrl: Text,
    includeAuthnContext: Type.Optional(Type.Boolean()),
    nameId: Text,
    jitConfiguration: Type.Optional(JitConfiguration),
    cert: Certificate,
    loginUrlPost: Text,
    loginUrlRedirect: Text,
    mappingAttribute: Type.String({ minLength: 1, maxLength: 200 }),
    certificateExpirationDate: Text,
    certificateName: Text,
  },
  closed,
)

const ServiceProvider = Type.Object(
  {
    role: Type.Literal('SAML_SP'),
    entityId: Text,
    alias: Text,
    callbackUrl: Type.String({ maxLength: 2000 }),
    legacyAcsUrl: Text,
  },
  closed,
)

/** Signing in at another identity provider, as ISC describes it. */
export const ServiceProviderConfiguration = Type.Object(
  {
    enabled: Type.Boolean(),
    bypassIdp: Type.Boolean(),
    samlConfigurationValid: Type.Boolean(),
    federationProtocolDetails: Type.Array(Type.Union([IdentityProvider, ServiceProvider])),
  },
  closed,
)
export type ServiceProviderConfiguration = Static<typeof ServiceProviderConfiguration>

/** The document of a tenant at these addresses. */
export const serviceProviderDocument = (
  tenantName: string,
  { login }: TenantOrigins,
): TenantDocument<ServiceProviderConfiguration> => ({
  name: 'service_provider',
  initial: {
    enabled: false,
    bypassIdp: false,
    samlConfigurationValid: false,
    federationProtocolDetails: [
      { role: 'SAML_IDP', mappingAttribute: 'email' },
      { role: 'SAML_SP', entityId: `${login}/saml`, alias: tenantName, callbackUrl: `${login}/saml/acs` },
    ],
  },
})

const PATCHABLE = ['enabled', 'bypassIdp', 'federationProtocolDetails']

/**
 * The configuration as a patch leaves it, by ISC's rules: one identity provider and one service provider, of which the
 * latter is ours to say; and what is enabled must be complete.
 * @throws DomainError `illegal_update`, `illegal_value` or `invalid`.
 */
export function patchServiceProvider(
  current: ServiceProviderConfiguration,
  patch: JsonPatch,
): ServiceProviderConfiguration {
  const patched = applyJsonPatch(current, patch, PATCHABLE) as ServiceProviderConfiguration // checked in the next lines
  const details: unknown = patched.federationProtocolDetails
  if (!Array.isArray(details) || details.length !== 2)
    throw new DomainError('illegal_update', 'federationProtocolDetails has two elements; neither add nor remove one.')
  if (!isDeepStrictEqual(details[1], current.federationProtocolDetails[1]))
    throw new DomainError(
      'illegal_update',
      'federationProtocolDetails/1 is the service provider and cannot be changed.',
    )
  requireValid(IdentityProvider, details[0])
  requireValid(ServiceProviderConfiguration, patched)
  const provider = details[0] as Static<typeof IdentityProvider>
  if (patched.enabled && !provider.entityId)
    throw new DomainError('illegal_value', 'Give federationProtocolDetails/0 an entityId before you enable it.')
  requireCompleteJit(provider.jitConfiguration)
  return { ...patched, samlConfigurationValid: isComplete(provider) }
}

const REQUIRED_MAPPINGS = ['firstName', 'lastName', 'email']

function requireCompleteJit(jit: Static<typeof JitConfiguration> | undefined): void {
  if (!jit?.enabled) return
  if (!jit.sourceId) throw new DomainError('illegal_value', 'JIT source id is invalid.')
  const missing = REQUIRED_MAPPINGS.filter((name) => !jit.sourceAttributeMappings?.[name])
  if (missing.length > 0)
    throw new DomainError('illegal_value', `JIT source attribute mappings lack ${missing.join(', ')}.`)
}

const isComplete = ({ entityId, cert, loginUrlPost, loginUrlRedirect }: Static<typeof IdentityProvider>): boolean =>
  Boolean(entityId && cert && (loginUrlPost || loginUrlRedirect))
