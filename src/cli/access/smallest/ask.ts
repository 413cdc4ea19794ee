import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { excerpt } from '../../../config/printable.ts'
import { readBytes } from '../../catalogs/load.ts'
import { openClient } from '../../connection/client.ts'
import { exitCodes } from '../../terminal/exit-codes.ts'
import { usageFailure } from '../../terminal/failure.ts'
import type { AskOptions } from '../../connection/asking.ts'
import type { Io } from '../../terminal/io.ts'
import { outputFormat, printJson, printLines, printRows } from '../../terminal/output.ts'
import { strangeAnswer } from '../../connection/refusal.ts'
import { findRequests, parseRequestLine } from './find-requests.ts'
import type { FoundRequest } from './request.ts'

const REQUESTS_MAX = 500

/** What `smallest` is told. */
export interface SmallestOptions extends AskOptions {
  readonly for?: string[]
  readonly host?: string
}

const Strings = Type.Array(Type.String())
const Credential = Type.Object({
  context: Type.String(),
  credential: Type.String(),
  scopes: Strings,
  userLevels: Strings,
  otherUserLevels: Strings,
  operations: Strings,
})
const Answer = Type.Object({
  sufficient: Type.Boolean(),
  summary: Type.String(),
  credentials: Type.Array(Credential),
  together: Type.Array(Credential),
  unusable: Type.Array(Type.Object({ method: Type.String(), path: Type.String() })),
  unknown: Type.Array(Type.Object({ method: Type.String(), path: Type.String(), allowedMethods: Strings })),
})

/** Reads requests from the command line and files, asks the server what suffices for them, and prints it. */
export async function askSmallest(io: Io, files: readonly string[], options: SmallestOptions): Promise<void> {
  const format = outputFormat(options, io)
  const requests = await requestsOf(io, files, options)
  const client = await openClient(io, options)
  const answer = await client.post('/sallyport/v1/smallest', { requests })
  if (!Check(Answer, answer)) throw strangeAnswer('POST /sallyport/v1/smallest', 'says nothing of credentials')
  if (format === 'json') printJson(io, answer)
  else {
    printLines(io, answer.summary)
    printRows(io, rowsOf(answer), format)
  }
  io.setExitCode(answer.sufficient ? exitCodes.ok : exitCodes.no)
}

async function requestsOf(io: Io, files: readonly string[], options: SmallestOptions): Promise<FoundRequest[]> {
  const found = (options.for ?? []).map(requireRequest)
  for (const file of files) {
    const inFile = findRequests((await readBytes(io, file)).toString('utf8'), options.host)
    if (inFile.length === 0) throw nothingFound(`${excerpt(file)} holds no request.`)
    found.push(...inFile)
  }
  if (found.length === 0) throw nothingFound('For which requests?')
  const distinct = new Map(found.map((request) => [`${request.method} ${request.path}`, request]))
  if (distinct.size <= REQUESTS_MAX) return [...distinct.values()]
  const why = `These are ${distinct.size} different requests, and one question takes ${REQUESTS_MAX}.`
  throw usageFailure('That is too much for one question.', why, 'Split the file, or name the host with --host.')
}

function requireRequest(line: string): FoundRequest {
  const request = parseRequestLine(line)
  if (request) return request
  const why = 'A request is a method and a path.'
  throw usageFailure(`${excerpt(line)} is no request.`, why, "For example: --for 'GET /v3/sources'")
}

const nothingFound = (what: string) =>
  usageFailure(
    what,
    'Requests are read from curl commands, lines such as GET /v3/sources, HAR files and Postman collections.',
    "For example: sallyport smallest --for 'GET /v3/sources'",
  )

function rowsOf({ credentials, together, unusable, unknown }: Static<typeof Answer>): string[][] {
  return [
    ...credentials.map((credential) => rowOf('suffices', credential)),
    ...together.map((credential) => rowOf('together', credential)),
    ...unusable.map(({ method, path }) => ['shut', `${method} ${path}`, 'lets nobody in']),
    ...unknown.map(({ method, path, allowedMethods }) => [
      'unknown',
      `${method} ${path}`,
      allowedMethods.length === 0 ? 'no catalog has it' : `this path has ${allowedMethods.join(' ')}`,
    ]),
  ]
}

const rowOf = (mark: string, { context, scopes, userLevels, otherUserLevels }: Static<typeof Credential>): string[] => [
  mark,
  context,
  `scopes: ${scopes.join(' ') || '-'}`,
  `levels: ${userLevels.join(' and ') || '-'}${otherUserLevels.length > 0 ? ` (or ${otherUserLevels.join(', ')})` : ''}`,
]
