import type { FastifyInstance } from 'fastify'
import { buildOperationIndex, matchOperation, type OperationIndex } from './access/operation-index.ts'
import type { Operation } from './access/policy.ts'
import { builtInOperations, type DeclaredRoute } from './catalogs/built-in.ts'

/**
 * Every route of ours as it declares itself. What is made of them is made once, when first asked for: by then all are
 * there.
 */
export class OwnRoutes {
  readonly declared: DeclaredRoute[]
  #operations: readonly Operation[] | undefined
  #index: OperationIndex<Operation> | undefined

  /** `bare` are those that Fastify knows nothing of. */
  constructor(bare: readonly DeclaredRoute[]) {
    this.declared = [...bare]
  }

  /** Notes each route that is mounted from now on. */
  noteFrom(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url, schema }) => {
      for (const each of [method].flat())
        if (each !== 'HEAD') this.declared.push({ method: each, url, schema: { ...schema } })
    })
  }

  get operations(): readonly Operation[] {
    return (this.#operations ??= builtInOperations(this.declared))
  }

  serves(method: string, path: string): boolean {
    this.#index ??= buildOperationIndex(this.operations)
    const found = matchOperation(this.#index, method, path)
    return found !== undefined && 'entry' in found
  }
}
