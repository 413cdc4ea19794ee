/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashes a password as an argon2id PHC string. Runs off the event loop; takes tens of milliseconds. */
export async function hashPassword(password: string): Promise<string> {
  // A native module that most processes never need.
  const { hash } = await import('@node-rs/argon2')
  return hash(password.normalize('NFC'), COST)
}

/** True when a password is the one that a PHC string was made of. Costs as much time as hashing it. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  const { verify } = await import('@node-rs/argon2')
  return verify(passwordHash, password.normalize('NFC'))
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/

/** True when a hash was made to cost a guesser less than one that is made today: its password is due for a new one. */
export function isHashDated(passwordHash: string): boolean {
  const [, memory = '0', passes = '0'] = PHC.exec(passwordHash) ?? []
  return Number(memory) * Number(passes) < COST.memoryCost * COST.timeCost
}
