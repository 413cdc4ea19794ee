/** A plain letter to one person. */
export interface Mail {
  /** One bare address, as it is stored. */
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Carries mails away, one at a time. */
export interface Mailer {
  /** Resolves once the mail is handed over; rejects when it could not be, and may be tried again. */
  send(mail: Mail): Promise<void>
}

// One mailbox and nothing that a mail server could take for two, for a comment, or for the end of a line.
const ADDRESS = /^[^\s@<>()[\],;:"\\\p{C}]{1,64}@[^\s@<>()[\],;:"\\\p{C}]{1,189}$/u

/** True for an address that mail goes to, and to no other. */
export const isSoleAddress = (text: string): boolean => ADDRESS.test(text)
