import type { Io } from '../terminal/io.ts'
import { readAddress } from './address.ts'
import { readCredential } from './credential.ts'
import { type Finding, skipped } from './findings.ts'
import { askInfo, checkClock } from './info.ts'
import { checkConnection, checkName, checkTls } from './network.ts'
import { checkRedirect, checkVersion, tryRequest } from './request.ts'
import { checkBearer, obtainToken } from './token.ts'

/** What a client is examined with. */
export interface Examined {
  readonly url: string
  /** The request in question, which is a GET. */
  readonly path: string | undefined
  readonly redirectUri: string | undefined
  readonly isExperimental: boolean
}

const names = [
  'address',
  'name',
  'connection',
  'tls',
  'info',
  'clock',
  'version',
  'redirect',
  'credential',
  'token',
  'bearer',
  'request',
]

/**
 * Goes through everything between a client and its answer, in the order in which it matters, up to the first thing that
 * is wrong. Asks for /oauth/info, a token, and the one request that was named: nothing is changed anywhere.
 */
export async function examineClient(io: Io, examined: Examined): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const finding of examination(io, examined)) {
    findings.push(finding)
    if (finding.outcome === 'fail') break
  }
  const rest = names.slice(findings.length).map((name) => skipped(name, 'Not reached.'))
  return [...findings, ...rest]
}

async function* examination(io: Io, examined: Examined): AsyncGenerator<Finding> {
  const { path, redirectUri, isExperimental } = examined
  const { finding: onAddress, value: origin } = readAddress(examined.url)
  yield onAddress
  if (!origin) return
  yield await checkName(origin)
  yield await checkConnection(origin)
  yield await checkTls(origin, io.nowMs())
  const { finding: onInfo, value: info } = await askInfo(origin)
  yield onInfo
  if (!info) return
  yield checkClock(info, io.nowMs())
  yield checkVersion(path)
  yield checkRedirect(redirectUri)
  const { finding: onCredential, value: credential } = readCredential(io.env)
  yield onCredential
  if (!credential) return
  const { finding: onToken, value: token } = await obtainToken(origin, credential)
  yield onToken
  if (token === undefined) return
  yield checkBearer(token, info, io.nowMs())
  yield await tryRequest(origin, path, { token, isExperimental })
}
