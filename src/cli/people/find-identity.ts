import type { Client } from '../connection/client.ts'
import { idOf, listAll } from '../connection/records.ts'

export const IDENTITIES = '/sallyport/v1/identities'

/** The id of the identity that people mean by an id or an alias. @throws CliFailure when there is none. */
export async function findIdentity(client: Client, wanted: string): Promise<string> {
  if (/^[0-9a-f]{32}$/.test(wanted)) return wanted
  const filter = encodeURIComponent(`alias eq ${JSON.stringify(wanted)}`)
  return idOf(await listAll(client.get, `${IDENTITIES}?filters=${filter}`), wanted, ['alias'])
}
