import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import type { TestContext } from 'node:test'
import { credentialOf } from './tenant-fixtures.ts'

/** What the official SDK answers; its own types are too many to check each time. */
export interface SdkAnswer {
  status: number
  headers: Record<string, string>
  // oxlint-disable-next-line typescript/no-explicit-any -- a test knows what it asked for
  data: any
}
/** Calls an operation by its name: `call('getIdentity', { id })`. */
export type SdkApi = (operation: string, parameters?: object) => Promise<SdkAnswer>

type Operation = (parameters?: object) => Promise<SdkAnswer>
type Configured = new (configuration: object) => Record<string, Operation | undefined>
interface Sdk {
  Configuration: new (parameters: object) => object
  [api: `${string}Api`]: Configured
}

const sdk = createRequire(import.meta.url)('sailpoint-api-client') as Sdk

/** Every operation that the SDK has, as `IdentitiesBetaApi.getIdentity`, whose name matches. */
export const sdkOperations = (matching: RegExp): string[] =>
  Object.entries(sdk).flatMap(([name, value]) =>
    name.endsWith('Api') && typeof value === 'function'
      ? Object.getOwnPropertyNames(value.prototype)
          .filter((operation) => operation !== 'constructor')
          .map((operation) => `${name}.${operation}`)
          .filter((operation) => matching.test(operation))
      : [],
  )

/** The SDK against a server, set up as its readme says; it remembers which operations were answered, and with what they were asked. */
export class SdkCalls {
  readonly #url: () => string
  readonly #asked = new Map<string, object>()
  readonly #answered = new Set<string>()

  constructor(url: () => string) {
    this.#url = url
  }

  /** An API of the SDK, `IdentitiesBetaApi`, with the credential of this name, or with what stands in for a token. */
  open(t: TestContext, api: string, who: string | { accessToken: string } = 'ada'): SdkApi {
    for (const method of ['log', 'error'] as const) t.mock.method(console, method, () => {})
    const baseurl = this.#url()
    const credential = typeof who === 'string' ? credentialOf('acme', who) : who
    const configuration = new sdk.Configuration({ baseurl, tokenUrl: `${baseurl}/oauth/token`, ...credential })
    const Client = sdk[api as `${string}Api`] ?? assert.fail(`The SDK has no ${api}.`)
    const client = new Client(Object.assign(configuration, { experimental: true }))
    return async (operation, parameters = {}) => {
      // Of experimental operations the SDK wants the header as a parameter; others leave it alone.
      const asked = client[operation]?.({ xSailPointExperimental: 'true', ...parameters })
      this.#asked.set(`${api}.${operation}`, parameters)
      const answer = await (asked ?? assert.fail(`${api} has no ${operation}.`))
      this.#answered.add(`${api}.${operation}`)
      return answer
    }
  }

  /** The operations of these that no call has answered yet. */
  unanswered(matching: RegExp): string[] {
    return sdkOperations(matching).filter((operation) => !this.#answered.has(operation))
  }

  /** Asks everything once more that was asked, with this in place of a token, and answers the refusals by operation. */
  async refusals(t: TestContext, matching: RegExp, accessToken: string): Promise<Map<string, SdkAnswer>> {
    const refused = new Map<string, SdkAnswer>()
    for (const [name, parameters] of this.#asked) {
      const [api = '', operation = ''] = name.split('.')
      if (!matching.test(name)) continue
      refused.set(name, await refusalOf(this.open(t, api, { accessToken })(operation, parameters)))
    }
    return refused
  }
}

/** What a refused call of the SDK carries: status, body and headers. */
export async function refusalOf(call: Promise<unknown>): Promise<SdkAnswer> {
  const error = (await call.then(
    () => assert.fail('it was not refused'),
    (refusal: unknown) => refusal,
  )) as { isAxiosError?: boolean; response?: SdkAnswer }
  assert.equal(error.isAxiosError, true)
  return error.response ?? assert.fail('there was no answer')
}

/** The parameter of each version's name for a body: `jsonPatchOperation`, with `Beta` and `V2024` behind it. */
export const inEveryVersion = (name: string, body: unknown): object =>
  Object.fromEntries(['', 'Beta', 'V2024'].map((version) => [`${name}${version}`, body]))
