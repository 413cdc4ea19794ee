/** Clients that people sign in through; `kiosk` gets no refresh tokens. */
export type ClientName = 'portal' | 'kiosk' | 'other'
export type PersonName = 'ada' | 'sam'

/** A person's only personal access token. */
export interface PersonalAccessToken {
  readonly owner: PersonName
  isDeleted: boolean
}

/** Who holds tokens, and may revoke them. */
export type Holder = ClientName | PersonalAccessToken

export interface Code {
  readonly holder: ClientName
  readonly person: PersonName
  readonly issuedAtMs: number
  readonly text: string
  isDead: boolean
  /** What it was exchanged for. */
  family?: Family
}

/** What descends from one sign-in. `refreshTokens` holds one per generation, the first at 0. */
export interface Family {
  readonly holder: ClientName
  readonly person: PersonName
  readonly expiresAtMs: number
  readonly refreshTokens: string[]
  generation: number
  rotatedAtMs: number
  isDead: boolean
}

/** An access token; one that was given twice has two texts, and one id. */
export interface AccessToken {
  readonly holder: Holder
  readonly person: PersonName
  readonly family: Family | undefined
  readonly generation: number
  readonly expiresAtMs: number
  readonly texts: string[]
  isDead: boolean
}

/** What the token endpoint answers: `good`, the tokens that it gave before (`same`), or the code of its refusal. */
export type Outcome = 'good' | 'same' | 'invalid_client' | 'invalid_grant'

/** How long tokens live that are given for a code or a refresh token, and those of a personal access token. */
export const ACCESS_TOKEN_SECONDS = 750
export const MINTED_TOKEN_SECONDS = 43_200
export const REFRESH_TOKEN_SECONDS = 2 * 86_400
const SKEW_MS = 5_000
const CODE_MS = 60_000
const GRACE_MS = 10_000

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000

/**
 * How the tokens of a tenant live and die, without a database, a signature or a cache: every event changes this state at
 * once, and what a cut-off hits is dead for good.
 */
export class TokenModel {
  nowMs: number
  #latestMs: number
  readonly enabledClients = new Set<ClientName>(['portal', 'kiosk', 'other'])
  readonly enabledPeople = new Set<PersonName>(['ada', 'sam'])
  readonly peopleWithLevel = new Set<PersonName>(['ada', 'sam'])
  readonly personalAccessTokens: Record<PersonName, PersonalAccessToken> = {
    ada: { owner: 'ada', isDeleted: false },
    sam: { owner: 'sam', isDeleted: false },
  }
  readonly families: Family[] = []
  readonly accessTokens: AccessToken[] = []
  readonly codes: Code[] = []
  /** Keys that an emergency put out of use. */
  readonly leakedKeyIds = new Set<string>()

  constructor(nowMs: number) {
    this.nowMs = nowMs
    this.#latestMs = nowMs
  }

  /** Moves the clock, backwards by no more than clocks may differ. */
  moveClock(byMs: number): void {
    this.nowMs = Math.max(this.nowMs + byMs, this.#latestMs - SKEW_MS)
    this.#latestMs = Math.max(this.#latestMs, this.nowMs)
  }

  /** Whether a client or a personal access token gets past its secret. */
  isProven(holder: Holder): boolean {
    if (typeof holder === 'string') return this.enabledClients.has(holder)
    return !holder.isDeleted && this.enabledPeople.has(holder.owner)
  }

  /** What a request to a guarded operation is answered. */
  statusOf({ isDead, family, expiresAtMs, person }: AccessToken): 200 | 401 | 403 {
    if (isDead || family?.isDead || this.nowMs >= expiresAtMs + SKEW_MS) return 401
    return this.peopleWithLevel.has(person) ? 200 : 403
  }

  issueCode(holder: ClientName, person: PersonName, text: string): Code {
    const code = { holder, person, issuedAtMs: this.nowMs, text, isDead: false }
    this.codes.push(code)
    return code
  }

  exchange(code: Code, by: ClientName): Outcome {
    if (!this.isProven(by)) return 'invalid_client'
    if (code.holder !== by) return 'invalid_grant'
    if (code.family) {
      code.family.isDead = true
      return 'invalid_grant'
    }
    const isInTime = this.nowMs < code.issuedAtMs + CODE_MS
    if (!isInTime || code.isDead || !this.enabledPeople.has(code.person)) return 'invalid_grant'
    code.family = this.#beginFamily(code)
    return 'good'
  }

  #beginFamily({ holder, person }: Code): Family {
    const expiresAtMs = wholeSeconds(this.nowMs + REFRESH_TOKEN_SECONDS * 1000)
    const start = { generation: 1, rotatedAtMs: this.nowMs, isDead: false, refreshTokens: [] }
    const family = { holder, person, expiresAtMs, ...start }
    this.families.push(family)
    return family
  }

  refresh(family: Family, generation: number, by: ClientName): Outcome {
    if (!this.isProven(by)) return 'invalid_client'
    if (family.holder !== by || family.isDead || this.nowMs >= family.expiresAtMs) return 'invalid_grant'
    if (generation === family.generation) {
      family.generation += 1
      family.rotatedAtMs = this.nowMs
      return 'good'
    }
    if (generation === family.generation - 1 && this.nowMs - family.rotatedAtMs <= GRACE_MS) return 'same'
    family.isDead = true
    return 'invalid_grant'
  }

  /** Whether a refresh token is told to be active: it would rotate. */
  isActive(family: Family, generation: number): boolean {
    return !family.isDead && generation === family.generation && this.nowMs < family.expiresAtMs
  }

  /** Remembers an access token that was given for a family, or else for a personal access token. */
  addAccessToken(text: string, source: Family | PersonalAccessToken): void {
    const family = 'generation' in source ? source : undefined
    const generation = family?.generation ?? 0
    const known = family && this.accessTokens.find((one) => one.family === family && one.generation === generation)
    if (known) known.texts.push(text)
    else {
      const seconds = family ? ACCESS_TOKEN_SECONDS : MINTED_TOKEN_SECONDS
      const expiresAtMs = wholeSeconds(family?.rotatedAtMs ?? this.nowMs) + seconds * 1000
      const whose = 'owner' in source ? { holder: source, person: source.owner } : source
      const { holder, person } = whose
      this.accessTokens.push({ holder, person, family, generation, expiresAtMs, texts: [text], isDead: false })
    }
  }

  /** Ends what was issued before to those that `isHit` names. */
  cutOff(isHit: (issued: { holder: Holder; person: PersonName }) => boolean): void {
    for (const issued of [...this.codes, ...this.families, ...this.accessTokens])
      if (isHit(issued)) issued.isDead = true
  }
}
