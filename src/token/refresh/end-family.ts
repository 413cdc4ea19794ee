import { recordAudit } from '../../audit/record.ts'
import { appendChange } from '../../change-log/change.ts'
import type { ChangeLog } from '../../change-log/change-log.ts'
import { familyTag } from '../../keys/family-jti.ts'
import type { RequestContext } from '../../request-context.ts'
import { revokeFamily } from './store.ts'

/** Why a family ends: its owner said so, or one of its single-use things was used twice. */
export type FamilyEnd = 'revoked' | 'refresh_reuse' | 'code_replay'

export interface EndingFamily {
  familyId: string
  clientId: string
  identityId: string
  end: FamilyEnd
}

/**
 * Ends a family of tokens for good, with its audit event: no refresh, and its access tokens die on every node.
 * Ending it again changes nothing.
 */
export async function endFamily(
  changes: ChangeLog,
  ctx: RequestContext,
  { familyId, clientId, identityId, end }: EndingFamily,
): Promise<void> {
  await changes.write(ctx, async (tx) => {
    const isFirst = await revokeFamily(tx, ctx.tenantId, { id: familyId, nowMs: ctx.nowMs })
    // A family without refresh tokens has no row, but its access tokens die all the same.
    if (!isFirst && end === 'refresh_reuse') return
    const details = { clientId, identityId, end }
    await recordAudit(tx, ctx, {
      action: 'token_family.ended',
      targetKind: 'token_family',
      targetId: familyId,
      details,
    })
    await appendChange(tx, ctx, { kind: 'family', subject: familyTag(familyId), isCutOff: true })
  })
}
