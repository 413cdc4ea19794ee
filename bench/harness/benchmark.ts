/** Runs once, prints its results, leaves nothing running; throws when a promise that it measures is broken. */
export type Benchmark = (args: string[]) => Promise<void>
