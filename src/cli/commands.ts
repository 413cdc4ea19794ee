import type { Command } from 'commander'
import type { Io } from './terminal/io.ts'

/** Declares a command and all that is below it. */
export type Register = (program: Command, io: Io) => void

/** A command as the help lists it; what it is made of is loaded only where it is asked for. */
export interface ListedCommand {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Register>
}

/** What there is, under the headings of the help and in their order: what is asked for most comes first. */
export const commandGroups: ReadonlyMap<string, readonly ListedCommand[]> = new Map([
  [
    'Who may call what:',
    [
      {
        name: 'explain',
        summary: 'why a request passes or is refused, and what would help',
        load: async () => (await import('./access/explain.ts')).registerExplain,
      },
      {
        name: 'can',
        summary: 'may a credential call an operation? Yes or no',
        load: async () => (await import('./access/can.ts')).registerCan,
      },
      {
        name: 'smallest',
        summary: 'which credential suffices for a list of requests',
        load: async () => (await import('./access/smallest/smallest.ts')).registerSmallest,
      },
      {
        name: 'matrix',
        summary: 'what every operation demands, and of whom',
        load: async () => (await import('./access/matrix.ts')).registerMatrix,
      },
      {
        name: 'policy',
        summary: 'test expectations of who may call what',
        load: async () => (await import('./access/policy/policy.ts')).registerPolicy,
      },
      {
        name: 'jwt',
        summary: 'look into a token',
        load: async () => (await import('./jwt/jwt.ts')).registerJwt,
      },
      {
        name: 'doctor',
        summary: 'find the first thing that is wrong, for a client or a server',
        load: async () => (await import('./doctor/doctor.ts')).registerDoctor,
      },
    ],
  ],
  [
    'Credentials:',
    [
      {
        name: 'pat',
        summary: 'personal access tokens: list, create, edit, delete, rotate',
        load: async () => (await import('./credentials/pat.ts')).registerPat,
      },
      {
        name: 'client',
        summary: 'API clients: list, show, create, edit, delete, rotate',
        load: async () => (await import('./credentials/client.ts')).registerClient,
      },
      {
        name: 'credential',
        summary: 'every credential: what it does, what breaks without it, what it needs',
        load: async () => (await import('./credentials/credential.ts')).registerCredential,
      },
      {
        name: 'succession',
        summary: 'what breaks when somebody leaves, and giving tokens on',
        load: async () => (await import('./credentials/succession.ts')).registerSuccession,
      },
    ],
  ],
  [
    'People:',
    [
      {
        name: 'identity',
        summary: 'people and machines, and the levels they hold',
        load: async () => (await import('./people/identity.ts')).registerIdentity,
      },
      {
        name: 'level',
        summary: 'user levels of your own making',
        load: async () => (await import('./people/level.ts')).registerLevel,
      },
    ],
  ],
  [
    'Tenant:',
    [
      {
        name: 'catalog',
        summary: 'import, list, show, replace, remove or compare OpenAPI documents',
        load: async () => (await import('./catalogs/catalog.ts')).registerCatalog,
      },
      {
        name: 'settings',
        summary: 'show or change the settings of a tenant',
        load: async () => (await import('./settings/settings.ts')).registerSettings,
      },
      {
        name: 'log',
        summary: 'what is refused: live, or grouped',
        load: async () => (await import('./trail/log.ts')).registerLog,
      },
      {
        name: 'audit',
        summary: 'read and check the audit trail',
        load: async () => (await import('./trail/audit.ts')).registerAudit,
      },
    ],
  ],
  [
    'Running a server:',
    [
      {
        name: 'serve',
        summary: 'serve tenants, tokens and the gateway',
        load: async () => (await import('./serve/serve.ts')).registerServe,
      },
      {
        name: 'apply',
        summary: 'bring a tenant to what a file says',
        load: async () => (await import('./installation/apply.ts')).registerApply,
      },
      {
        name: 'tenant',
        summary: 'create, list, suspend, resume or delete tenants',
        load: async () => (await import('./installation/tenant.ts')).registerTenant,
      },
      {
        name: 'keys',
        summary: 'rotate signing keys',
        load: async () => (await import('./installation/keys.ts')).registerKeys,
      },
      {
        name: 'backup',
        summary: 'copy an installation, and put a copy back',
        load: async () => (await import('./installation/backup.ts')).registerBackup,
      },
    ],
  ],
  [
    'This machine:',
    [
      {
        name: 'profile',
        summary: 'addresses with their credentials, stored in a file of yours',
        load: async () => (await import('./profiles/profile.ts')).registerProfile,
      },
    ],
  ],
])
