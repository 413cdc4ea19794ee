import { type Static, Type } from 'typebox'
import { DomainError } from '../errors.ts'
import { applyJsonPatch, type JsonPatch } from '../http/json-patch.ts'
import { requireValid } from './require-valid.ts'
import type { TenantDocument } from './tenant-document.ts'

const NullableText = Type.Union([Type.String({ maxLength: 2000 }), Type.Null()])

/** What ISC keeps of an organisation besides its security. */
export const OrgConfig = Type.Object(
  {
    orgName: Type.String(),
    timeZone: Type.String({ maxLength: 64 }),
    lcsChangeHonorsSourceEnableFeature: Type.Boolean(),
    armCustomerId: NullableText,
    armSapSystemIdMappings: NullableText,
    armAuth: NullableText,
    armDb: NullableText,
    armSsoUrl: NullableText,
    iaiEnableCertificationRecommendations: Type.Boolean(),
    sodReportConfigs: Type.Array(
      Type.Object(
        {
          columnName: Type.String({ maxLength: 200 }),
          required: Type.Optional(Type.Boolean()),
          included: Type.Optional(Type.Boolean()),
          order: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 })),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
  },
  { additionalProperties: false },
)
export type OrgConfig = Static<typeof OrgConfig>

/** The document of the organisation of this name. */
export const orgConfigDocument = (orgName: string): TenantDocument<OrgConfig> => ({
  name: 'org_config',
  initial: {
    orgName,
    timeZone: 'UTC',
    lcsChangeHonorsSourceEnableFeature: false,
    armCustomerId: null,
    armSapSystemIdMappings: null,
    armAuth: null,
    armDb: null,
    armSsoUrl: null,
    iaiEnableCertificationRecommendations: true,
    sodReportConfigs: [],
  },
})

/** The time zones that a configuration may name. */
export const timeZones: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].sort()
const known = new Set(timeZones)

const PATCHABLE = Object.keys(OrgConfig.properties).filter((name) => name !== 'orgName')

/** The configuration as a patch leaves it; what it removes is as it was at first. @throws DomainError. */
export function patchOrgConfig(current: OrgConfig, patch: JsonPatch): OrgConfig {
  const patched = applyJsonPatch(current, patch, PATCHABLE) as Partial<OrgConfig> // checked in the next lines
  const next = { ...orgConfigDocument(current.orgName).initial, ...patched }
  requireValid(OrgConfig, next)
  if (known.has(next.timeZone)) return next
  throw new DomainError('illegal_value', `There is no time zone ${next.timeZone}. GET valid-time-zones lists them.`)
}
