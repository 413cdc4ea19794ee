import { DomainError } from '../errors.ts'

/** Levels that an identity can be given everywhere. */
export const builtInLevels: readonly string[] = [
  'CERT_ADMIN',
  'CLOUD_GOV_ADMIN',
  'CLOUD_GOV_USER',
  'HELPDESK',
  'IDENTITY_GRAPH_ADMIN',
  'IDENTITY_GRAPH_READ_ONLY',
  'INTERNAL',
  'ORG_ADMIN',
  'POLICY_ADMIN',
  'REPORT_ADMIN',
  'ROLE_ADMIN',
  'ROLE_SUBADMIN',
  'SAAS_MANAGEMENT_ADMIN',
  'SAAS_MANAGEMENT_READER',
  'SOURCE_ADMIN',
  'SOURCE_CONFIG_ASSIGNEE',
  'SOURCE_SUBADMIN',
  'das:ui-administrator',
  'das:ui-auditor',
  'das:ui-compliance_manager',
  'das:ui-data-scope',
  'sp:aic-dashboard-read',
  'sp:aic-dashboard-write',
  'sp:ui-config-hub-admin',
  'sp:ui-config-hub-backup-admin',
  'sp:ui-config-hub-read',
]

const EXCLUSIONS: readonly (readonly [string, string])[] = [
  ['ROLE_ADMIN', 'SOURCE_SUBADMIN'],
  ['ROLE_SUBADMIN', 'SOURCE_ADMIN'],
  ['ROLE_SUBADMIN', 'ROLE_ADMIN'],
  ['SOURCE_SUBADMIN', 'SOURCE_ADMIN'],
  ['SOURCE_ADMIN', 'SOURCE_CONFIG_ASSIGNEE'],
]

/** @throws DomainError `illegal_value` for two levels that nobody may hold together. */
export function requireCompatible(levels: readonly string[]): void {
  const both = EXCLUSIONS.find((pair) => pair.every((level) => levels.includes(level)))
  if (both) throw new DomainError('illegal_value', `Nobody can hold ${both[0]} and ${both[1]} together. Choose one.`)
}
