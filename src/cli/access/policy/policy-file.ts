import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { excerpt } from '../../../config/printable.ts'
import { OperatorError } from '../../../errors.ts'
import { choice, described, list, table } from '../../../tenant-file/described.ts'
import { parsePlainDocument } from '../../../tenant-file/plain-document.ts'
import { mistakesError } from '../../../tenant-file/read.ts'
import { mistakesOf } from '../../../tenant-file/shape.ts'

const METHODS = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS'
const Line = described(
  Type.String({ pattern: `^(?:${METHODS}) /[^\\s?#]{0,2000}$` }),
  'a method and a path, such as GET /v3/sources',
)
const Reason = described(Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$' }), 'a reason code such as context.user_required')
const Words = described(Type.String({ minLength: 1, maxLength: 300, pattern: '^[^\\p{Cc}]+$' }), 'a line of text')
const Word = described(Type.String({ pattern: '^\\S{1,128}$' }), 'text without spaces')

const Persona = table({
  context: choice('user', 'application'),
  scopes: Type.Optional(list(Word, 100)),
  userLevels: Type.Optional(list(Word, 100)),
})
const Credential = described(
  Type.String({ pattern: '^(?:pat|client):[0-9A-Za-z-]{1,64}$' }),
  'pat:ID, client:ID, or a persona with its context, scopes and userLevels',
)
const Refusal = table({ request: Line, reason: Reason })

const PolicyFile = table({
  expectations: list(
    table({
      title: Type.Optional(Words),
      as: Type.Union([Credential, Persona]),
      may: Type.Optional(list(Line, 1000)),
      mayNot: Type.Optional(list(Type.Union([Line, Refusal]), 1000)),
    }),
    1000,
    1,
  ),
})
type PolicyFile = Static<typeof PolicyFile>
type Entry = PolicyFile['expectations'][number]

/** That somebody may make a request, or may not. */
export interface Expectation {
  /** Where it stands: `policy.yaml:12`. */
  readonly place: string
  readonly title: string
  readonly method: string
  readonly path: string
  readonly isAllowed: boolean
  /** The reason code of the refusal; undefined where any will do. */
  readonly reason: string | undefined
  /** Whom to ask about, as `POST /sallyport/v1/explain` takes it. */
  readonly who: object
}

/**
 * Reads a file of expectations (YAML or JSON), in the order in which they stand.
 * @throws OperatorError with every mistake and its line.
 */
export function readPolicyFile(text: string, fileName: string): Expectation[] {
  const { contents, lineOf, problems } = parsePlainDocument(text)
  if (problems.length > 0)
    throw new OperatorError(problems.map(({ line, message }) => `${excerpt(fileName)}:${line}: ${message}`))
  const mistakes = mistakesOf(PolicyFile, contents)
  if (mistakes.length > 0) throw mistakesError(fileName, lineOf, mistakes)
  if (!Check(PolicyFile, contents)) throw new TypeError('The policy file passed its checks but not its schema.')
  return contents.expectations.flatMap((entry, index) =>
    (['may', 'mayNot'] as const).flatMap((list) =>
      (entry[list] ?? []).map((line, position) => ({
        place: `${fileName}:${lineOf(['expectations', index, list, position])}`,
        ...expectationOf(entry, line, list === 'may'),
      })),
    ),
  )
}

function expectationOf(
  { title, as }: Entry,
  line: string | Static<typeof Refusal>,
  isAllowed: boolean,
): Omit<Expectation, 'place'> {
  const { request, reason } = typeof line === 'string' ? { request: line, reason: undefined } : line
  const [method = '', path = ''] = request.split(' ')
  return { title: title ?? nameOf(as), method, path, isAllowed, reason, who: whoOf(as) }
}

const nameOf = (as: Entry['as']): string =>
  typeof as === 'string' ? as : [as.context, ...(as.userLevels ?? []), ...(as.scopes ?? [])].join(' ')

function whoOf(as: Entry['as']): object {
  if (typeof as === 'string') return { clientId: as.slice(as.indexOf(':') + 1) }
  return { persona: { context: as.context, scopes: as.scopes ?? [], userLevels: as.userLevels ?? [] } }
}
