import { userInfo } from 'node:os'
import type { Actor } from '../../request-context.ts'
import { CliFailure } from '../terminal/failure.ts'

/** Whoever runs a local command, as the audit trail names them. */
export const operator = (): Actor => ({ kind: 'operator', id: userName() })

/** In a container the user often has a number and no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** A tenant was named that does not exist. */
export const unknownTenant = (name: string): CliFailure =>
  new CliFailure({
    exit: 'notFound',
    code: 'tenant.unknown',
    what: `There is no tenant ${name}.`,
    why: 'It was never created here, or was deleted.',
    fix: 'See which there are: sallyport tenant list',
  })
