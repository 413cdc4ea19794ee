/** Operations of ISC's documents for v3, beta and v2025 together. */
export const LENGTH_OF_ISC = 1729
export const TOKENS = 1000
export const CONNECTIONS = 64
/** While the others have their turn, a machine may take a waiting process's memory, and needs seconds to bring it back. */
export const WARM_UP_SECONDS = 4
/** Before the first round: compilers want some ten thousand requests. */
export const FIRST_SECONDS = 4
