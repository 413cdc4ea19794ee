import { writeTransaction } from '../database/write-transaction.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import type { Upstream } from './catalog.ts'
import type { Catalogs } from './catalogs.ts'
import { chooseUpstream, type UpstreamChoice } from './choose-upstream.ts'
import { describeCatalog, describeWithNotes } from './describe.ts'
import type { SchemeContexts } from './document/read-alternative.ts'
import { type CatalogInput, checkImport, importCatalog, readingOf } from './import.ts'
import type { CatalogBody } from './schemas.ts'
import { type CatalogHead, findCatalogHead } from './store.ts'

export interface CatalogServices {
  readonly catalogs: Catalogs
  readonly changes: { catchUp: () => Promise<void> }
  /** Addresses that a request may name as an upstream. */
  readonly allowedUpstreams: readonly string[]
}

/** A document as a request brings it, and how it is to be taken. */
export interface CatalogAsk extends UpstreamChoice {
  readonly name: string
  readonly document: Buffer
  readonly prefix?: string | undefined
  /** `bearerAuth:user,apiKey:any` */
  readonly schemes?: string | undefined
  readonly isDryRun: boolean
}

/**
 * Loads a document as a new catalog.
 * @throws DomainError `conflict` when the name or an operation is taken, `invalid` for a document that cannot be read.
 */
export async function addCatalog(
  services: CatalogServices,
  ctx: RequestContext,
  ask: CatalogAsk,
): Promise<CatalogBody> {
  return change(services, ctx, ask, undefined)
}

/**
 * Loads another document, or the same in another way, in place of a catalog. Requests are answered by one or the other.
 * @throws DomainError `not_found`, `conflict` when an operation is taken or somebody else replaced it meanwhile,
 *   `invalid` for a document that cannot be read.
 */
export async function replaceCatalog(
  services: CatalogServices,
  ctx: RequestContext,
  ask: CatalogAsk,
): Promise<CatalogBody> {
  const head = await findCatalogHead(ctx.db, ctx.tenantId, ask.name)
  if (!head) throw new DomainError('not_found', `There is no catalog ${ask.name}.`)
  return change(services, ctx, ask, head)
}

async function change(
  services: CatalogServices,
  ctx: RequestContext,
  ask: CatalogAsk,
  head: CatalogHead | undefined,
): Promise<CatalogBody> {
  const { catalogs, changes } = services
  const input = inputOf(ask, head, services.allowedUpstreams)
  // Before the transaction: documents, those of the other catalogs too, take longer to read than others should wait.
  await catalogs.find(ctx.db, ctx.tenantId)
  const read = await catalogs.reader.readApart(readingOf(input), input.document)
  const options = { reader: catalogs.reader, requirePresent: requireSame(ask.name, head) }
  if (ask.isDryRun) await checkImport(ctx.db, ctx, input, options)
  else {
    await writeTransaction(ctx.db, (tx) => importCatalog(tx, ctx, input, options))
    await changes.catchUp()
  }
  const { digest } = readingOf(input)
  const stored = { digest, createdAtMs: head?.created_at ?? ctx.nowMs, modifiedAtMs: ctx.nowMs }
  return describeWithNotes(describeCatalog(input, read, stored), read, catalogs.shadowed(read.operations))
}

function inputOf(ask: CatalogAsk, head: CatalogHead | undefined, allowed: readonly string[]): CatalogInput {
  const { name, document, prefix = head?.prefix ?? '', schemes } = ask
  if (document.length === 0) throw new DomainError('required_missing', 'Send the OpenAPI document as the body.')
  const present = head && fromStoredJson<Upstream>(head.upstream)
  const known: SchemeContexts = head ? fromStoredJson(head.schemes) : {}
  return {
    name,
    document,
    prefix,
    upstream: chooseUpstream(ask, present, allowed),
    schemes: schemes === undefined ? known : schemesOf(schemes),
  }
}

const schemesOf = (text: string): SchemeContexts =>
  Object.fromEntries(text.split(',').flatMap((pair) => (pair === '' ? [] : [pair.split(':') as [string, 'any']])))

const requireSame = (name: string, before: CatalogHead | undefined) => (present: CatalogHead | undefined) => {
  if (before === undefined && present)
    throw new DomainError('conflict', `There is a catalog ${name} already. Replace it, or give another name.`)
  const isSame = before?.document_digest === present?.document_digest && before?.modified_at === present?.modified_at
  if (!isSame)
    throw new DomainError('conflict', `The catalog ${name} was changed by somebody else meanwhile. Try again.`)
}
