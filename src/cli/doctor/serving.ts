import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { OperatorError } from '../../errors.ts'
import { Smtp } from '../../mail/smtp.ts'
import { readTlsFiles } from '../../operations/tls-files.ts'
import { CliFailure } from '../terminal/failure.ts'
import { fail, type Finding, ok, skipped, warn } from './findings.ts'
import { ask, objectIn } from './info.ts'
import { connectionProblem } from './network.ts'

const DAY_MS = 86_400_000
const DAYS_WARN = 14

/** Do certificate and key belong together, and for how long yet? */
export function checkCertificate(settings: Settings, nowMs: number): Finding {
  try {
    const tls = readTlsFiles(settings)
    if (!tls) return skipped('certificate', 'No certificate is set: TLS ends elsewhere, or nowhere.')
    const { validFrom, validTo } = new X509Certificate(tls.cert)
    if (Date.parse(validFrom) > nowMs)
      return fail('certificate', 'The certificate is not valid yet.', 'Check the clock.')
    const days = Math.floor((Date.parse(validTo) - nowMs) / DAY_MS)
    if (days < 0) return fail('certificate', 'The certificate has expired.', 'Renew it, and restart the server.')
    const message = `The certificate is good for ${days} days.`
    return days < DAYS_WARN
      ? warn('certificate', message, 'Renew it, and restart the server.')
      : ok('certificate', message)
  } catch (error) {
    if (error instanceof OperatorError)
      return fail('certificate', error.problems.join('; '), 'Name files that are PEM and belong together.')
    throw error
  }
}

/** Is the port free for the server, or does the server itself hold it? */
export async function checkPort({ host, port, tlsCert }: Settings): Promise<Finding> {
  return checkListener('port', { host, port, scheme: tlsCert === undefined ? 'http' : 'https' })
}

/** The same for the listener of operators. */
export async function checkOpsPort({ opsHost, opsPort }: Settings): Promise<Finding> {
  if (opsPort === 'off') return skipped('ops-port', 'The listener for operators is off.')
  return checkListener('ops-port', { host: opsHost, port: opsPort, scheme: 'http' })
}

async function checkListener(
  name: string,
  { host, port, scheme }: { host: string; port: number; scheme: 'http' | 'https' },
): Promise<Finding> {
  if (port === 0) return skipped(name, 'The port is chosen at the start.')
  const reached = /^(?:0\.0\.0\.0|::)$/.test(host) ? 'localhost' : host
  if ((await connectionProblem(reached, port)) !== undefined)
    return ok(name, `Port ${port} is free: no server runs there.`)
  const url = new URL(`${scheme}://${reached.includes(':') ? `[${reached}]` : reached}:${port}/readyz`)
  const answer = await ask({ method: 'GET', url, headers: {} })
  if (answer instanceof CliFailure && scheme === 'https')
    return warn(
      name,
      `Something listens on port ${port}.`,
      `Its certificate does not name ${reached}, so it was not asked.`,
    )
  const body = answer instanceof CliFailure ? undefined : objectIn(answer)
  if (body?.['status'] === 'ready') return ok(name, `A server runs on port ${port}, and is ready.`)
  if (body?.['status'] === 'not ready')
    return fail(name, `The server on port ${port} is not ready: ${String(body['reason'])}.`, 'Look into its log.')
  return fail(name, `Another program listens on port ${port}.`, `Stop it, or choose another port.`)
}

/** Does a mail server take what is sent to people? Nothing is sent. */
export async function checkMail({ smtpUrl, data }: Settings): Promise<Finding> {
  if (smtpUrl === undefined) {
    const outbox = join(data, 'outbox')
    const waiting = existsSync(outbox) ? readdirSync(outbox).length : 0
    const message = `There is no mail server: mails lie in ${outbox}, ${waiting} by now.`
    return warn('mail', message, 'Set SALLYPORT_SMTP_URL, so that people get them.')
  }
  try {
    await new Smtp({ url: smtpUrl, from: () => '' }).check()
    return ok('mail', 'The mail server answers, and takes our login if one is set.')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return fail(
      'mail',
      `The mail server does not serve us (${code}).`,
      'Check SALLYPORT_SMTP_URL: host, port, user and password.',
    )
  }
}
