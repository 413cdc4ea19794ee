import type * as Http from 'node:http'

/**
 * What we use of `node:http`, without importing it: an import reads every export of a built-in module, and one of them
 * loads all that stands behind `fetch`, which nobody here uses. That would be 16 MB and a third of a command's start.
 */
export const { createServer, request, ServerResponse, STATUS_CODES } = process.getBuiltinModule('node:http')
/** The type beside the class. */
export type ServerResponse = Http.ServerResponse
