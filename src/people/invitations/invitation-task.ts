import { randomUUID } from 'node:crypto'
import type { Acting } from '../acting.ts'
import { isoTime } from '../plugin.ts'
import type { Invited } from './invite-people.ts'
import type { DoneTask } from './schemas.ts'

/** Invitations in ISC's words: a task, with a warning for each who was passed over. */
export function invitationTask({ ctx, caller }: Acting, { count, passedOver }: Invited): DoneTask {
  const now = isoTime(ctx.nowMs)
  return {
    id: randomUUID().replaceAll('-', ''),
    type: 'QUEUED_TASK',
    uniqueName: 'Invite identities',
    description: 'Mails people a link to choose a password by',
    parentName: null,
    launcher: caller.identityId ?? caller.clientId,
    target: null,
    created: now,
    modified: now,
    launched: now,
    completed: now,
    completionStatus: passedOver.length === 0 ? 'SUCCESS' : 'WARNING',
    messages: passedOver.map((message) => ({
      type: 'WARN',
      key: 'not_invited',
      localizedText: { locale: 'en', message },
      parameters: [],
    })),
    returns: [],
    attributes: { invited: count },
    progress: null,
    percentComplete: 100,
  }
}
