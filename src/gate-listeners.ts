import { targetOf } from './access/question.ts'
import type { AdmissionListener } from './admission/admit.ts'
import type { RefusalListener } from './admission/refusal.ts'
import { shapeOfPath } from './denials/path-shape.ts'
import { countShadow } from './right-size/count-shadow.ts'
import type { Services } from './services/services.ts'

/** Told of what fails on the way of a request, with its tracking id. */
export type FailureListener = (error: unknown, trackingId: string) => void

/** What happens with each refusal at the gates: it is counted, told, and kept for whoever asks why. */
export function refusalListener({ activity, usage, denials, liveLog }: Services): RefusalListener {
  return (visit, admission, method) => {
    const { question, decision, isStale } = admission
    if (decision.reason === null) return
    const { authentication } = question
    const clientId = 'principal' in authentication ? authentication.principal.clientId : 'nobody'
    const tenantId = visit.site.tenant.id
    const reason = isStale ? 'state.stale' : decision.reason.code
    activity.count({ tenantId, clientId, action: 'request.refused', reason })
    usage.countDenial({ tenantId, clientId }, reason)
    liveLog.refused(visit, admission, method)
    const { trackingId, network, nowMs: refusedAtMs } = visit
    const path = targetOf(question)?.operation.path ?? shapeOfPath(visit.path)
    denials.record({
      tenantId,
      trackingId,
      network,
      refusedAtMs,
      method,
      path,
      status: decision.status,
      reason,
      question,
    })
  }
}

/** What happens with each request that passed: it is counted and told. Nobody in particular calls what is public. */
export function admissionListener(services: Services, onFailure: FailureListener): AdmissionListener {
  return (visit, admission) => {
    services.liveLog.admitted(visit, admission)
    const { authentication, target } = admission.question
    if (!('principal' in authentication) || target === null || !('operation' in target)) return
    const { clientId } = authentication.principal
    services.usage.countCall({ tenantId: visit.site.tenant.id, clientId }, target.operation, visit.network)
    countShadow(services, visit, admission)?.catch((error: unknown) => onFailure(error, visit.trackingId))
  }
}
