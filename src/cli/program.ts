import { Command, CommanderError } from 'commander'
import { suggestion } from '../config/nearest-word.ts'
import { exitCodes, renderExitCodes } from './terminal/exit-codes.ts'
import { formatHelpItem } from './terminal/help-format.ts'
import type { Io } from './terminal/io.ts'
import { runCommand } from './terminal/output.ts'
import { readVersion } from './terminal/version.ts'

type Register = (program: Command, io: Io) => void

/** What there is, in the order of the help. Each is loaded only where it is asked for, with all that it is made of. */
const commands: ReadonlyMap<string, { summary: string; load: () => Promise<Register> }> = new Map([
  [
    'serve',
    {
      summary: 'serve tenants, tokens and the gateway',
      load: async () => (await import('./serve/serve.ts')).registerServe,
    },
  ],
  [
    'apply',
    {
      summary: 'bring a tenant to what a file says',
      load: async () => (await import('./installation/apply.ts')).registerApply,
    },
  ],
  [
    'tenant',
    {
      summary: 'create, list, suspend, resume or delete tenants',
      load: async () => (await import('./installation/tenant.ts')).registerTenant,
    },
  ],
  [
    'keys',
    {
      summary: 'rotate signing keys',
      load: async () => (await import('./installation/keys.ts')).registerKeys,
    },
  ],
  [
    'audit',
    {
      summary: 'read and check the audit trail',
      load: async () => (await import('./trail/audit.ts')).registerAudit,
    },
  ],
  [
    'pat',
    {
      summary: 'personal access tokens: list, create, edit, delete, rotate',
      load: async () => (await import('./credentials/pat.ts')).registerPat,
    },
  ],
  [
    'client',
    {
      summary: 'API clients: list, show, create, edit, delete, rotate',
      load: async () => (await import('./credentials/client.ts')).registerClient,
    },
  ],
  [
    'identity',
    {
      summary: 'people and machines, and the levels they hold',
      load: async () => (await import('./people/identity.ts')).registerIdentity,
    },
  ],
  [
    'level',
    {
      summary: 'user levels of your own making',
      load: async () => (await import('./people/level.ts')).registerLevel,
    },
  ],
  [
    'profile',
    {
      summary: 'addresses with their credentials, stored in a file of yours',
      load: async () => (await import('./profiles/profile.ts')).registerProfile,
    },
  ],
  [
    'explain',
    {
      summary: 'why a request passes or is refused, and what would help',
      load: async () => (await import('./access/explain.ts')).registerExplain,
    },
  ],
  [
    'can',
    {
      summary: 'may a credential call an operation? Yes or no',
      load: async () => (await import('./access/can.ts')).registerCan,
    },
  ],
  [
    'matrix',
    {
      summary: 'what every operation demands, and of whom',
      load: async () => (await import('./access/matrix.ts')).registerMatrix,
    },
  ],
  [
    'smallest',
    {
      summary: 'which credential suffices for a list of requests',
      load: async () => (await import('./access/smallest/smallest.ts')).registerSmallest,
    },
  ],
  [
    'catalog',
    {
      summary: 'import, list, show, replace, remove or compare OpenAPI documents',
      load: async () => (await import('./catalogs/catalog.ts')).registerCatalog,
    },
  ],
  [
    'settings',
    {
      summary: 'show or change the settings of a tenant',
      load: async () => (await import('./settings/settings.ts')).registerSettings,
    },
  ],
  [
    'policy',
    {
      summary: 'test expectations of who may call what',
      load: async () => (await import('./access/policy/policy.ts')).registerPolicy,
    },
  ],
  [
    'credential',
    {
      summary: 'every credential: what it does, what breaks without it, what it needs',
      load: async () => (await import('./credentials/credential.ts')).registerCredential,
    },
  ],
  [
    'succession',
    {
      summary: 'what breaks when somebody leaves, and giving tokens on',
      load: async () => (await import('./credentials/succession.ts')).registerSuccession,
    },
  ],
  [
    'log',
    {
      summary: 'what is refused: live, or grouped',
      load: async () => (await import('./trail/log.ts')).registerLog,
    },
  ],
  [
    'backup',
    {
      summary: 'copy an installation, and put a copy back',
      load: async () => (await import('./installation/backup.ts')).registerBackup,
    },
  ],
  [
    'doctor',
    {
      summary: 'find the first thing that is wrong, for a client or a server',
      load: async () => (await import('./doctor/doctor.ts')).registerDoctor,
    },
  ],
  [
    'jwt',
    {
      summary: 'look into a token',
      load: async () => (await import('./jwt/jwt.ts')).registerJwt,
    },
  ],
])

const more = `
More:
  sallyport help COMMAND      what a command takes
  sallyport help exit-codes   what its exit codes mean
`

/** Runs the command line with these arguments, and sets the exit code. Never throws. */
export async function runCommandLine(io: Io, args: readonly string[]): Promise<void> {
  try {
    const program = await makeProgram(io, args)
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    // Commander has printed what is wrong with the command line.
    if (error instanceof CommanderError) io.setExitCode(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage)
    else printUnforeseen(io, error)
  }
}

async function makeProgram(io: Io, args: readonly string[]): Promise<Command> {
  const program = new Command('sallyport')
    .description('Authentication and authorization for APIs that says why.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('Run sallyport --help for what there is.')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .configureHelp({ formatItem: formatHelpItem, subcommandTerm: (command) => command.name() })
    .addHelpText('after', more)
    .helpCommand(false)
  const wanted = wantedCommand(args)
  for (const [name, { summary, load }] of commands) {
    if (name === wanted) (await load())(program, io)
    else program.command(name)
    program.commands.at(-1)?.summary(summary)
  }
  addVersion(program, io)
  addHelp(program, io)
  return program
}

/** The first word that is no option; after `help`, the second. The program's own options take no values. */
function wantedCommand(args: readonly string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'))
  return words[0] === 'help' ? words[1] : words[0]
}

function addVersion(program: Command, io: Io): void {
  program
    .command('version')
    .summary('print the version')
    .action(() => void io.stdout.write(`${readVersion()}\n`))
}

function addHelp(program: Command, io: Io): void {
  program
    .command('help [topics...]')
    .summary('print help for a command, or for exit-codes')
    .action((topics: string[]) =>
      runCommand(io, {}, () => {
        if (topics.join(' ') === 'exit-codes') io.stdout.write(renderExitCodes())
        else commandAt(program, topics).outputHelp()
      }),
    )
}

function commandAt(program: Command, names: readonly string[]): Command {
  return names.reduce((command, name) => {
    const found = command.commands.find((each) => each.name() === name)
    if (found) return found
    const known = [...command.commands.map((each) => each.name()), ...(command === program ? ['exit-codes'] : [])]
    return command.error(`error: no help for ${name}; ${suggestion(name, known)}`, { exitCode: exitCodes.usage })
  }, program)
}

function printUnforeseen(io: Io, error: unknown): void {
  io.setExitCode(exitCodes.failed)
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.stderr.write(`This should not have happened, please report it:\n${story}\n`)
}
