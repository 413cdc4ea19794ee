import type { Command } from 'commander'
import { excerpt } from '../../config/printable.ts'
import { type AskOptions, asking } from '../connection/asking.ts'
import { usageFailure } from '../terminal/failure.ts'

/** The options that `addPersonaOptions` makes. */
export interface PersonaOptions extends AskOptions {
  readonly as?: string
  readonly context?: string
  readonly scope?: string[]
  readonly level?: string[]
}

/** Whom to ask about: a credential, or what-if. */
type Persona =
  | { readonly clientId: string }
  | {
      readonly persona: {
        readonly context: 'user' | 'application'
        readonly scopes: readonly string[]
        readonly userLevels: readonly string[]
      }
    }

/** Gives a command the options that say as whom to ask, and whom. */
export function addPersonaOptions(command: Command): Command {
  return asking(command)
    .option('--as <credential>', 'ask for client:ID or pat:ID instead of your own credential')
    .option('--context <context>', 'what if: a token in user or application context')
    .option('--scope <scope...>', 'what if: the scopes of the token')
    .option('--level <level...>', 'what if: the user levels of the identity')
}

/**
 * Whom the options ask about, as the server wants to be asked; undefined when they name nobody.
 *
 * @throws CliFailure when they contradict each other.
 */
export function parsePersona({ as, context, scope, level }: PersonaOptions): Persona | undefined {
  const isWhatIf = context !== undefined || scope !== undefined || level !== undefined
  if (as !== undefined && isWhatIf) {
    const why = 'A credential has its own context, scopes and levels.'
    throw usageFailure('--as does not go with --context, --scope or --level.', why, 'Leave one or the other out.')
  }
  if (as !== undefined) return { clientId: parseCredential(as) }
  if (!isWhatIf) return undefined
  if (context !== 'user' && context !== 'application') {
    const why = 'What a token may do depends first on whether it stands for a user.'
    throw usageFailure('Which context is meant?', why, 'Give --context user or --context application.')
  }
  if (context === 'application' && level !== undefined) {
    const why = 'Levels belong to identities, and an application token has none.'
    throw usageFailure(
      'There are no user levels in application context.',
      why,
      'Leave --level out, or give --context user.',
    )
  }
  return { persona: { context, scopes: scope ?? [], userLevels: level ?? [] } }
}

function parseCredential(text: string): string {
  const [, id] = /^(?:client|pat):([0-9A-Za-z-]{1,64})$/.exec(text) ?? []
  if (id !== undefined) return id
  const why = 'It must say which kind of credential, and its id.'
  throw usageFailure(
    `${excerpt(text)} names no credential.`,
    why,
    `Give client:ID or pat:ID, such as --as pat:86f1dc6fe8f54414950454cbb11278fa.`,
  )
}
