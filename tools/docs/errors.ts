import { isLiteralTypeNode, isStringLiteral, isTypeAliasDeclaration, isUnionTypeNode } from 'typescript/unstable/ast/is'
import { parseProject } from '../syntax.ts'
import { documentedTerms, drift } from './markdown.ts'
import { CheckFailed, readDocument } from './project.ts'
import { reasons } from '../../src/access/reasons.ts'

const DOCUMENT = 'docs/errors.md'
const REASON_CODE = /^[a-z_]+\.[a-z_]+$/
const OAUTH_CODE = /^[a-z]+(?:_[a-z]+)+$/

/** Every reason code and every OAuth error code has a heading or a table row, and no other code has one. */
export async function checkErrors(root: string): Promise<string[]> {
  const terms = documentedTerms(readDocument(root, DOCUMENT))
  const domainCodes = await unionMembers(root, 'src/errors.ts', 'DomainErrorCode')
  const oauthTerms = terms.filter((term) => OAUTH_CODE.test(term) && !domainCodes.includes(term))
  return [
    ...drift(
      DOCUMENT,
      Object.keys(reasons),
      terms.filter((term) => REASON_CODE.test(term)),
    ),
    ...drift(DOCUMENT, await unionMembers(root, 'src/oauth/oauth-error.ts', 'OAuthErrorCode'), oauthTerms),
  ]
}

/** The string literals of a union type, which leaves no trace at run time. */
async function unionMembers(root: string, path: string, name: string): Promise<string[]> {
  const [module] = await parseProject(root, [path])
  const alias = module?.tree.statements.filter(isTypeAliasDeclaration).find((one) => one.name.text === name)
  if (!alias || !isUnionTypeNode(alias.type)) throw new CheckFailed(`${path} does not export the union ${name}`)
  return alias.type.types.flatMap((member) =>
    isLiteralTypeNode(member) && isStringLiteral(member.literal) ? [member.literal.text] : [],
  )
}
