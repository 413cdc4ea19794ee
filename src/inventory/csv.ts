import { csvLine } from '../http/csv.ts'
import type { InventoryEntry } from './inventory.ts'

const columns = {
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  ownerId: ({ owner }) => owner?.id ?? '',
  ownerAlias: ({ owner }) => owner?.alias ?? '',
  ownerEnabled: ({ owner }) => (owner ? (owner.enabled ? 'yes' : 'no') : ''),
  enabled: ({ enabled }) => (enabled ? 'yes' : 'no'),
  scope: ({ scope }) => scope.join(' '),
  created: ({ created }) => created,
  expires: ({ expires }) => expires ?? '',
  lastUsed: ({ lastUsed }) => lastUsed ?? '',
  secretCreated: ({ secretCreated }) => secretCreated ?? '',
  liveSecrets: ({ liveSecrets }) => String(liveSecrets),
  flags: (entry) => entry.flags.join(' '),
} as const satisfies Record<string, (entry: InventoryEntry) => string>

/** The inventory for a spreadsheet. */
export function inventoryCsv(entries: readonly InventoryEntry[]): string {
  const lines = entries.map((entry) => csvLine(Object.values(columns).map((cell) => cell(entry))))
  return [csvLine(Object.keys(columns)), ...lines].map((line) => `${line}\r\n`).join('')
}
