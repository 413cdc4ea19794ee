import { readFileSync, statSync } from 'node:fs'
import { nearestWord } from './nearest-word.ts'
import { SettingsSchema } from './settings-schema.ts'

const MAX_SECRET_FILE_BYTES = 16_384

/** Variables that the commands which speak to a server read; no settings of the server itself. */
export const clientVariables = [
  'SALLYPORT_URL',
  'SALLYPORT_TOKEN',
  'SALLYPORT_CLIENT_ID',
  'SALLYPORT_CLIENT_SECRET',
  'SALLYPORT_OUTPUT',
] as const

/** One sentence for every `SALLYPORT_...` variable that nothing reads: a misspelt setting must not be ignored. */
export function problemsWithVariables(environment: NodeJS.ProcessEnv): string[] {
  const known = new Set<string>([...settingVariables(), ...clientVariables])
  return Object.entries(environment)
    .filter(([name, value]) => name.startsWith('SALLYPORT_') && !known.has(name) && !isServiceLink(name, value ?? ''))
    .map(([name]) => {
      const nearest = nearestWord(name, known)
      const advice = nearest === undefined ? 'remove it, or see docs/configuration.md' : `did you mean ${nearest}?`
      return `${name}: there is no such setting; ${advice}`
    })
    .sort()
}

/**
 * Kubernetes sets variables such as SALLYPORT_PORT=tcp://10.0.0.1:8080 in every pod beside a service named sallyport.
 * They are not for us.
 */
export function isServiceLink(name: string, value: string): boolean {
  if (/_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$/.test(name)) return true
  if (/_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name)) return true
  return name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value)
}

/** The trimmed contents of a file that a `..._FILE` variable names, or why they cannot be had. */
export function readSecretVariable(path: string): { text: string } | { problem: string } {
  try {
    const stats = statSync(path)
    if (!stats.isFile()) return { problem: 'is not a file' }
    if (stats.size > MAX_SECRET_FILE_BYTES) return { problem: 'is too big to hold one secret' }
    const text = readFileSync(path, 'utf8').trim()
    return text === '' ? { problem: 'is empty' } : { text }
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { problem: isAbsent ? 'does not exist' : 'cannot be read; check its owner and mode' }
  }
}

function* settingVariables(): Generator<string> {
  for (const { notes } of Object.values(SettingsSchema.properties)) {
    yield notes.environment
    if (notes.fileEnvironment !== undefined) yield notes.fileEnvironment
  }
}
