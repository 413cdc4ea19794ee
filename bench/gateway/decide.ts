import { decide } from '../../src/access/decide.ts'
import { buildOperationIndex } from '../../src/access/operation-index.ts'
import type { Principal } from '../../src/access/policy.ts'
import { buildScopeGrants } from '../../src/access/scope-grants.ts'
import { findOperation } from '../../src/catalogs/catalogs.ts'
import { readDocument } from '../../src/catalogs/document/read-document.ts'
import { readOperations } from '../../src/catalogs/document/read-operations.ts'
import { generatedDocument } from './documents.ts'

const TURNS = 200_000

const ada: Principal = {
  context: 'user',
  clientId: 'bench',
  scopes: ['sp:scopes:all'],
  identityId: 'ada',
  userLevels: ['ORG_ADMIN'],
  customLevelScopes: [],
}

/** Microseconds that matching a path and deciding on it take, in an API of so many operations. */
export function microsecondsPerDecision(operationCount: number): number {
  const { catalogs, path } = generatedDocument(operationCount)
  const document = readDocument(Buffer.from(JSON.stringify(catalogs[0]?.document)), 'generated')
  const { operations } = readOperations(document, { catalog: 'generated', prefix: '/v3', schemes: {} })
  const grants = buildScopeGrants(operations, {})
  const catalog = { name: 'generated', prefix: '/v3', upstream: { kind: 'sample' }, sample: undefined } as const
  const entries = operations.map((operation) => ({
    method: operation.method,
    path: operation.path,
    operation,
    grants,
    catalog,
  }))
  const set = { ours: buildOperationIndex<(typeof entries)[number]>([]), index: buildOperationIndex(entries) }
  const ask = (): boolean => {
    const { target } = findOperation(set, 'GET', path)
    return decide({
      authentication: { principal: ada },
      rate: { allowed: true },
      target,
      experimentalHeader: 'not_sent',
    }).allowed
  }
  const measure = (): number => {
    const cpu = process.cpuUsage()
    for (let turn = 0; turn < TURNS; turn += 1) if (!ask()) throw new Error('the decision is wrong')
    const { user, system } = process.cpuUsage(cpu)
    return (user + system) / TURNS
  }
  measure() // Until everything is compiled.
  return Math.min(measure(), measure(), measure())
}
