import type { AdmissionServices } from '../admission/admit.ts'
import { BearerAuthenticator } from '../admission/authenticate-bearer.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import type { Installation } from '../installation.ts'
import { SigningKeys } from '../keys/signing-keys.ts'
import { SlidingWindow } from '../rate-limits/sliding-window.ts'
import type { PublicAddress } from '../tenants/origins.ts'
import type { Remembered } from './remembered.ts'

/** The keys that tokens are signed by, and what verifies them at the gates. */
export interface Gates {
  signingKeys: SigningKeys
  bearers: BearerAuthenticator
  admission: AdmissionServices
}

export interface GateParts {
  installation: Installation
  remembered: Remembered
  address: () => PublicAddress
  contextOf: ContextOf
}

export function makeGates({ installation, remembered, address, contextOf }: GateParts): Gates {
  const { changes, keys, monotonicMs } = installation
  const signingKeys = new SigningKeys('access', keys.wrapping, changes)
  const bearers = new BearerAuthenticator({ ...remembered, changes, signingKeys, address, contextOf })
  // Told after the keys themselves, so that nothing is verified by the old ones in between.
  changes.onChange((change) => {
    if (change === null || change.kind === 'key') bearers.forgetVerified()
  })
  return { signingKeys, bearers, admission: { changes, bearers, rates: new SlidingWindow(monotonicMs) } }
}
