import type { Command } from 'commander'
import type { IdentityFlags } from './identity-verbs.ts'
import type { Io } from '../terminal/io.ts'
import { type AskOptions, asking } from '../connection/asking.ts'
import { runCommand } from '../terminal/output.ts'

type Verb = 'enable' | 'disable' | 'unlock' | 'invite'

/** Without a body to send, and with nothing more to say. */
const plainVerbs: readonly (readonly [Verb, string])[] = [
  ['invite', 'mail a link to choose a password by'],
  ['enable', 'let an identity sign in and be acted for again; what was cut off stays dead'],
  ['disable', 'end all sessions and tokens of an identity, and let it begin no more'],
  ['unlock', 'let somebody try passwords again'],
]

/** Adds `sallyport identity ...`: people and machines. */
export function registerIdentity(program: Command, io: Io): void {
  const identity = program.command('identity').description('people and machines')
  const verbs = () => import('./identity-verbs.ts')

  asking(identity.command('list').description('list identities with their user levels'))
    .option('--filters <filter>', 'such as alias sw "a"')
    .action((options: AskOptions & { filters?: string }) =>
      runCommand(io, options, async () => (await verbs()).list(io, options)),
    )
  asking(identity.command('show <identity>').description('one identity, by its id or alias')).action(
    (wanted: string, options: AskOptions) =>
      runCommand(io, options, async () => (await verbs()).show(io, wanted, options)),
  )
  asking(identity.command('create <alias>').description('create a person, or a machine'))
    .option('--display-name <name>', 'as people read it')
    .option('--email <address>', 'where mails go')
    .option('--level <level...>', 'the user levels it holds')
    .option('--machine', 'a machine: it does not sign in, but may own tokens')
    .option('--invite', 'mail a link to choose a password by')
    .action((alias: string, options: AskOptions & IdentityFlags) =>
      runCommand(io, options, async () => (await verbs()).create(io, alias, options)),
    )
  for (const [verb, description] of plainVerbs)
    asking(identity.command(`${verb} <identity>`).description(description)).action(
      (wanted: string, options: AskOptions) =>
        runCommand(io, options, async () => (await verbs()).act(io, { verb, wanted }, options)),
    )
  asking(identity.command('set-password <identity>'))
    .description('give somebody a password, read from standard input')
    .action((wanted: string, options: AskOptions) =>
      runCommand(io, options, async () => (await verbs()).setPassword(io, wanted, options)),
    )
  for (const [verb, description] of [
    ['grant', 'give user levels'],
    ['revoke', 'take user levels away; live tokens shrink at once'],
  ] as const)
    asking(identity.command(`${verb} <identity> <level...>`).description(description)).action(
      (wanted: string, levels: string[], options: AskOptions) =>
        runCommand(io, options, async () =>
          (await import('./change-levels.ts')).changeLevels(io, { verb, wanted, levels }, options),
        ),
    )
  asking(identity.command('mail-link <identity>'))
    .description('mail a link to choose a new password by, good for two hours')
    .action((wanted: string, options: AskOptions) =>
      runCommand(io, options, async () => (await verbs()).mailLink(io, wanted, options)),
    )
  asking(
    identity.command('refresh <identity...>').description('have every node of the server read identities afresh'),
  ).action((wanted: string[], options: AskOptions) =>
    runCommand(io, options, async () => (await verbs()).refresh(io, wanted, options)),
  )
  asking(identity.command('reset <identity>'))
    .description('take password, user levels, sessions and live tokens; personal access tokens stay')
    .option('--yes', 'really do it')
    .action((wanted: string, options: AskOptions & { yes?: boolean }) =>
      runCommand(io, options, async () => (await verbs()).reset(io, wanted, options)),
    )
  asking(identity.command('delete <identity>').description('delete an identity with its tokens and sessions'))
    .option('--yes', 'really do it')
    .action((wanted: string, options: AskOptions & { yes?: boolean }) =>
      runCommand(io, options, async () => (await verbs()).remove(io, wanted, options)),
    )
}
