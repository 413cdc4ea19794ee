import { boundedCache } from '../bounded-cache.ts'

/** So many operations and networks of one client are told apart on one day. */
const NAMES_MAX = { call: 1000, network: 50 }
const CLIENTS_MAX = 5000

interface Names {
  day: number
  call: Set<string>
  network: Set<string>
}

/**
 * Bounds the rows that one client can make on a day, whatever it calls and from wherever. It is counted per process: a
 * restart begins anew.
 */
export class DailyNames {
  readonly #clients = boundedCache<string, Names>(CLIENTS_MAX)

  isNamed(client: { key: string; day: number }, kind: 'call' | 'network', name: string): boolean {
    const names = this.#namesOf(client)[kind]
    if (names.size < NAMES_MAX[kind]) names.add(name)
    return names.has(name)
  }

  #namesOf({ key, day }: { key: string; day: number }): Names {
    let names = this.#clients.get(key)
    if (names?.day !== day) this.#clients.set(key, (names = { day, call: new Set(), network: new Set() }))
    return names
  }
}
