import type { Principal } from '../access/policy.ts'
import type { Catalogs } from '../catalogs/catalogs.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { Tx } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identities/identity.ts'
import type { RequestContext } from '../request-context.ts'
import type { SignInServices } from '../sign-in/sign-in-services.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** What the management of people works with. */
export interface PeopleServices {
  catalogs: Catalogs
  changes: ChangeLog
  signIn: SignInServices
}

/** Who acts on people, where and as what. */
export interface Acting {
  readonly ctx: RequestContext
  readonly caller: Principal
  readonly tenant: Tenant
}

/** True for whoever holds ORG_ADMIN now. */
export const isAdministrator = ({ caller }: Acting): boolean => caller.userLevels.includes('ORG_ADMIN')

/** Nobody but an ORG_ADMIN acts on an identity that holds any level. @throws DomainError `resource_denied`. */
export function requireMayActOn(acting: Acting, { alias, userLevels }: Identity): void {
  if (userLevels.length === 0 || isAdministrator(acting)) return
  throw new DomainError('resource_denied', `${alias} holds user levels, so only an ORG_ADMIN can do this.`)
}

/** Only an ORG_ADMIN gives and takes levels. @throws DomainError `resource_denied`. */
export function requireAdministratorCaller(acting: Acting): void {
  if (isAdministrator(acting)) return
  throw new DomainError('resource_denied', 'Only an ORG_ADMIN gives and takes user levels.')
}

/** Changes something in one transaction, which this process then knows of before it answers. */
export async function changing<Result>(
  { changes }: Pick<PeopleServices, 'changes'>,
  { db }: RequestContext,
  run: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const result = await writeTransaction(db, run)
  await changes.catchUp().catch(() => {})
  return result
}
