import type { Command } from 'commander'
import { excerpt } from '../../config/printable.ts'
import { usageFailure } from '../terminal/failure.ts'
import { type AskOptions, asking } from '../connection/asking.ts'
import type { Io } from '../terminal/io.ts'
import { addOutputOptions, outputFormat, runCommand } from '../terminal/output.ts'
import type { LocalFlags } from '../installation/locally.ts'
import { addSettingOptions, settingsOf } from '../installation/settings-options.ts'

interface ClientOptions extends AskOptions {
  readonly redirectUri?: string
  readonly experimental?: boolean
}

/** Adds `sallyport doctor client` and `sallyport doctor server`. */
export function registerDoctor(program: Command, io: Io): void {
  const doctor = program.command('doctor').description('find the first thing that is wrong')
  addServer(doctor, io)
  const client = doctor
    .command('client [method] [path]')
    .description('try what a client needs, step by step, against Sallyport or ISC; exit code 10 if something is wrong')
    .option('--redirect-uri <uri>', 'look at a redirect URI, too')
    .option('--experimental', 'send X-SailPoint-Experimental: true with the request')
  asking(client).action((method: string | undefined, path: string | undefined, options: ClientOptions) =>
    runCommand(io, options, () => examine(io, { method, path }, options)),
  )
}

/** The settings are those of `serve`: the doctor looks at what the server would start with. */
function addServer(doctor: Command, io: Io): void {
  const server = doctor
    .command('server')
    .description(
      'look at files, database, keys, audit trail, mail, ports and upstreams; exit code 10 if something is wrong',
    )
  addSettingOptions(addOutputOptions(server)).action((flags: LocalFlags) =>
    runCommand(io, flags, async () => {
      const format = outputFormat(flags, io)
      const settings = settingsOf(flags, io)
      const [{ examineServer }, { printFindings }] = await Promise.all([import('./server.ts'), import('./findings.ts')])
      printFindings(io, await examineServer(io, settings), format)
    }),
  )
}

async function examine(
  io: Io,
  { method, path }: { method: string | undefined; path: string | undefined },
  options: ClientOptions,
): Promise<void> {
  const format = outputFormat(options, io)
  const named = pathOf(method, path)
  const [{ examineClient }, { printFindings }, { addressIn }, { withProfile }] = await Promise.all([
    import('./client.ts'),
    import('./findings.ts'),
    import('../connection/connection.ts'),
    import('../profiles/with-profile.ts'),
  ])
  const signedIn = await withProfile(io, options)
  const findings = await examineClient(signedIn, {
    url: addressIn(signedIn, options),
    path: named,
    redirectUri: options.redirectUri,
    isExperimental: options.experimental === true,
  })
  printFindings(io, findings, format)
}

function pathOf(method: string | undefined, path: string | undefined): string | undefined {
  if (method === undefined) return undefined
  if (path === undefined || method.toUpperCase() !== 'GET') {
    const why = 'The doctor changes nothing, so it sends nothing but GET.'
    throw usageFailure(
      `${excerpt(method)} ${excerpt(path ?? '')} is not a request that it can try.`,
      why,
      'Give GET /v3/sources, for example.',
    )
  }
  if (path.startsWith('/') && !path.startsWith('//')) return path
  throw usageFailure(
    `${excerpt(path)} is no path.`,
    'A path begins with one slash.',
    'Give GET /v3/sources, for example.',
  )
}
