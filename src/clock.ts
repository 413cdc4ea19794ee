/** Unix time in milliseconds. Injected wherever time matters, so that tests can move it. */
export type Clock = () => number

/** The clock of the machine. */
export const systemClock: Clock = () => Date.now()

/** Milliseconds that never go backwards, for durations: rate limits, leases, timeouts. */
export const monotonicMs: Clock = () => performance.now()
