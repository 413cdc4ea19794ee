import { versionOf } from '../../access/api-version.ts'
import { findConflicts } from '../../access/operation-index.ts'
import type { Operation, OperationPolicy } from '../../access/policy.ts'
import { firstSegmentOf, isReserved } from '../../front-door/reserved.ts'
import { type AddNote, gatherNotes, type ImportNote } from './import-note.ts'
import { invalidDocument } from './invalid-document.ts'
import { type JsonObject, own } from './json-object.ts'
import { pointerTo } from './json-pointer.ts'
import { type DocumentOperation, listOperations } from './list-operations.ts'
import type { SchemeContexts } from './read-alternative.ts'
import type { OpenApiDocument } from './read-document.ts'
import { readExperimental } from './read-experimental.ts'
import { admitsNobody, assumeAnyToken, closeToUsers, readSecurity, type SecurityPolicy } from './read-security.ts'
import { readUserLevels } from './read-user-levels.ts'
import { normalisePath, requirePrefix } from './templated-path.ts'

const MAX_OPERATIONS = 20_000
const MAX_TEXT_CHARACTERS = 200

/** How a catalog takes a document. */
export interface ReadOptions {
  /** Name of the catalog. */
  readonly catalog: string
  /** Put before the document's paths; empty, or as `/v3`. */
  readonly prefix: string
  /** What the security schemes of the document stand for, beyond the ones that are known anyway. */
  readonly schemes: SchemeContexts
  /** The document describes our own routes, so it may claim the paths that are reserved for them. */
  readonly isBuiltIn?: boolean
}

interface Import extends ReadOptions {
  readonly document: OpenApiDocument
  readonly note: AddNote
  /** What an operation without security of its own asks for. */
  readonly defaultSecurity: () => SecurityPolicy
}

/**
 * Reads the operations of a document with their policies, and notes what could not be taken as it stands. The
 * operations keep nothing of the document.
 *
 * @throws DomainError `invalid` for a bad prefix, for more than 20,000 operations, and for two that claim one method
 *   and path.
 */
export function readOperations(
  document: OpenApiDocument,
  options: ReadOptions,
): { operations: Operation[]; notes: ImportNote[] } {
  requirePrefix(options.prefix, options.catalog)
  const notes = gatherNotes()
  const defaultSecurity = readDefaultSecurityOnce(document, options.schemes, notes.add)
  const context: Import = { ...options, document, note: notes.add, defaultSecurity }
  const operations: Operation[] = []
  for (const declared of listOperations(document, notes.add)) {
    if (operations.length === MAX_OPERATIONS) {
      throw invalidDocument(
        options.catalog,
        '/paths',
        `holds more than ${MAX_OPERATIONS} operations; split the document`,
      )
    }
    const operation = readOperation(declared, context)
    if (!isShadowed(operation, declared, context)) operations.push(operation)
  }
  refuseConflicts(operations, options.catalog)
  return { operations, notes: notes.all() }
}

/** Reads the document's own security when an operation needs it, so that it is noted once and only if it matters. */
function readDefaultSecurityOnce(
  document: OpenApiDocument,
  schemes: SchemeContexts,
  note: AddNote,
): () => SecurityPolicy {
  let policy: SecurityPolicy | undefined
  return () => {
    policy ??= readDefaultSecurity(document, schemes, note)
    return policy
  }
}

function readDefaultSecurity(document: OpenApiDocument, schemes: SchemeContexts, note: AddNote): SecurityPolicy {
  const security = own(document, 'security')
  if (security !== undefined) return readSecurity(security, '/security', { schemes, note })
  note('assumed', '/security', 'The document names no security for some operations: any valid token will do for them.')
  return assumeAnyToken('The document names no security.')
}

function readOperation(declared: DocumentOperation, context: Import): Operation {
  const { method, operation } = declared
  const path = normalisePath(context.prefix + declared.path)
  return {
    catalog: context.catalog,
    version: versionOf(path),
    method,
    path,
    operationId: readText(operation, 'operationId'),
    summary: readText(operation, 'summary'),
    isDeprecated: own(operation, 'deprecated') === true,
    policy: readPolicy(declared, context),
  }
}

/** True, and noted, for an operation whose place our own routes take: no request would ever reach it. */
function isShadowed({ method, path }: Operation, { pointer }: DocumentOperation, { isBuiltIn, note }: Import): boolean {
  if (isBuiltIn === true || !isReserved(path)) return false
  const why = `${method} ${path} can never be called: /${firstSegmentOf(path)} belongs to Sallyport itself.`
  note('ignored', pointer, `${why} Give the catalog a prefix.`)
  return true
}

function readPolicy(declared: DocumentOperation, context: Import): OperationPolicy {
  const { operation, pointer } = declared
  const { note } = context
  const security = own(operation, 'security')
  const read =
    security === undefined ? context.defaultSecurity() : readSecurity(security, pointerTo(pointer, 'security'), context)
  const userLevels = readUserLevels(operation, pointer, note)
  const policy = userLevels === null ? closeToUsers(read) : read
  if (admitsNobody(policy)) note('unusable', pointer, 'Nothing lets anybody in: every call is refused.')
  return {
    ...policy,
    userLevels: userLevels ?? [],
    isExperimental: readExperimental(context.document, declared, note),
  }
}

function readText(operation: JsonObject, key: string): string | null {
  const text = own(operation, key)
  return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, MAX_TEXT_CHARACTERS) : null
}

function refuseConflicts(operations: readonly Operation[], catalog: string): void {
  const [conflict] = findConflicts(operations)
  if (conflict === undefined) return
  const [{ method, path }, later] = conflict
  throw invalidDocument(catalog, '/paths', `${method} ${path} and ${later.path} are the same to a request; keep one`)
}
