/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashes a password as an argon2id PHC string. Runs off the event loop; takes tens of milliseconds. */
export async function hashPassword(password: string): Promise<string> {
  // A native module that most processes never need.
  const { hash } = await import('@node-rs/argon2')
  return hash(password.normalize('NFC'), COST)
}
