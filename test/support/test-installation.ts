import type { TestContext } from 'node:test'
import { openInstallation } from '../../src/installation.ts'
import type { Installation, InstallationOptions } from '../../src/installation.ts'
import type { RequestContext } from '../../src/request-context.ts'
import { createTenant, newTenantId } from '../../src/tenants/manage.ts'
import { auditQueries } from './query-auditor.ts'
import { testInstallationOptions } from './test-database.ts'
import { onEnd } from './on-end.ts'

export interface TestInstallation extends Installation {
  /** The options it was opened with, to open it once more. */
  options: InstallationOptions
  clock: { nowMs: number }
  /** Makes a tenant and answers how its operator acts in it. The context is that of the moment. */
  makeTenant: (name: string) => Promise<() => RequestContext>
}

/** An empty installation of the test's own, without a server. Every statement is audited; it closes when the test ends. */
export async function openTestInstallation(
  t: TestContext,
  more: Partial<InstallationOptions> = {},
): Promise<TestInstallation> {
  const clock = { nowMs: Date.UTC(2026, 5, 1, 12) }
  const { log, assertClean } = auditQueries()
  const options = {
    ...(await testInstallationOptions(t, { isMigrated: true })),
    nowMs: () => clock.nowMs,
    log,
    ...more,
  }
  const installation = await openInstallation(options)
  onEnd(t, async () => {
    await installation.close()
    assertClean()
  })
  const makeTenant: TestInstallation['makeTenant'] = async (name) => {
    const contextOf = (tenantId: string) => installation.contextFor(tenantId, { kind: 'operator', id: 'test' })
    const ctx = contextOf(newTenantId())
    await ctx.db.transaction().execute((tx) => createTenant(tx, ctx, { name }))
    return () => contextOf(ctx.tenantId)
  }
  return { ...installation, options, clock, makeTenant }
}
