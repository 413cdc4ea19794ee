import { randomUUID } from 'node:crypto'

/** A new tracking id, 32 hex. Node keeps entropy in stock for UUIDs, which makes this the cheapest source. */
export function newTrackingId(): string {
  const uuid = randomUUID()
  return uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24)
}
