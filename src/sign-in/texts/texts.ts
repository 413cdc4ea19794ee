import type { PasswordObjection } from '../password-rules.ts'

/** Every sentence of the sign-in pages and mails, in one language. */
export interface SignInTexts {
  login: {
    title: string
    lead: (tenant: string) => string
    username: string
    password: string
    remember: string
    submit: string
    forgot: string
    refused: string
  }
  welcome: {
    title: string
    lead: (name: string, alias: string) => string
    change: string
    signOut: string
    reference: string
  }
  signOut: {
    title: string
    lead: (name: string) => string
    submit: string
    stay: string
    doneTitle: string
    doneLead: string
    again: string
  }
  forgot: {
    title: string
    lead: string
    submit: string
    back: string
    sentTitle: string
    sent: (alias: string) => string
    sentHint: string
  }
  reset: {
    title: string
    lead: string
    newPassword: string
    repeat: string
    rule: string
    submit: string
    usedTitle: string
    used: string
    again: string
    done: string
  }
  change: {
    title: string
    lead: string
    current: string
    submit: string
    wrong: string
    back: string
    done: string
  }
  objections: Record<PasswordObjection | 'differs' | 'same', string>
  errors: {
    stale: string
    staleHint: string
    malformed: string
    malformedHint: string
    tooMany: string
    tooManyHint: (seconds: number) => string
    busy: string
    busyHint: string
    network: string
    networkHint: string
    internal: string
    internalHint: string
    unavailable: string
    unavailableHint: string
    trackingId: string
    retry: string
  }
  mail: {
    resetSubject: (tenant: string) => string
    reset: (about: { name: string; tenant: string; link: string; minutes: number }) => string
    inviteSubject: (tenant: string) => string
    invite: (about: { name: string; alias: string; tenant: string; link: string; hours: number }) => string
    lockedSubject: (tenant: string) => string
    locked: (about: { name: string; tenant: string; network: string; until: string }) => string
    passwordSubject: (tenant: string) => string
    passwordChanged: (about: { name: string; tenant: string; at: string }) => string
  }
}
