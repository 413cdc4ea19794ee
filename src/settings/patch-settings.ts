import type { ChangeLog } from '../change-log/change-log.ts'
import { DomainError } from '../errors.ts'
import { applyJsonPatch, type JsonPatch } from '../http/json-patch.ts'
import type { RequestContext } from '../request-context.ts'
import { changeTenantSettings } from '../tenants/change-settings.ts'
import {
  completeSettings,
  defaultTenantSettings,
  type PartialSettings,
  type TenantSettings,
} from '../tenants/settings.ts'
import { requireRoomFor, requireSound } from './settings-rules.ts'

export type SectionName = keyof TenantSettings

/** A change of settings; `isForced` lets a network rule keep its own author out. */
export interface SettingsChange {
  change: (current: TenantSettings) => PartialSettings
  isForced?: boolean
}

/**
 * Changes settings; they hold from the answer on, and on other nodes as soon as they read the change.
 * @throws DomainError `illegal_value` for what may not be, `illegal_update` and `invalid` for a patch that does not fit.
 */
export function changeSettings(
  changes: ChangeLog,
  ctx: RequestContext,
  { change, isForced = false }: SettingsChange,
): Promise<TenantSettings> {
  return changes.write(ctx, (tx) =>
    changeTenantSettings(tx, ctx, (current) => {
      const next = completeSettings({ ...current, ...change(current) })
      requireSound(next)
      if (!isForced && !isSame(current.network, next.network)) requireRoomFor(ctx.network, next.network)
      return next
    }),
  )
}

const isSame = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other)

/** A patch of one section; what it removes has its default again. */
export const patchOf =
  (section: SectionName, patch: JsonPatch) =>
  (current: TenantSettings): PartialSettings => ({
    [section]: withoutNulls(
      applyJsonPatch(current[section], patch, Object.keys(defaultTenantSettings[section])) as object,
    ),
  })

/** A patch of all settings together. */
export const patchOfAll =
  (patch: JsonPatch) =>
  (current: TenantSettings): PartialSettings =>
    requireSections(applyJsonPatch(current, patch, Object.keys(defaultTenantSettings)))

function requireSections(patched: unknown): PartialSettings {
  const sections = Object.values(patched as object) as unknown[] // settings, as a patch left them
  if (sections.every((section) => typeof section === 'object' && section !== null && !Array.isArray(section)))
    return patched as PartialSettings
  throw new DomainError('illegal_value', 'Each section of the settings must be an object.')
}

/** ISC's clients say null where a list is to be empty. */
export const withoutNulls = (given: object): object =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
