const CONTINUE = /^\/oauth\/authorize\/continue\?interaction=[A-Za-z0-9_.-]{1,6000}$/

/**
 * Where to go on after a sign-in: an authorization request of ours that waits for it, or nothing. No other address is
 * followed, so nobody can be led elsewhere from here.
 */
export const continueOf = (text: string | undefined): string | undefined =>
  text !== undefined && CONTINUE.test(text) ? text : undefined
