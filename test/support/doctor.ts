import assert from 'node:assert/strict'
import { registerDoctor } from '../../src/cli/doctor/doctor.ts'
import { runCommandLine } from './command-line.ts'
import { credentialOf } from './tenant-fixtures.ts'

export interface DoctorFinding {
  name: string
  outcome: string
  message: string
  fix: string | null
}

export interface DoctorReport {
  ok: boolean
  first: DoctorFinding | null
  findings: DoctorFinding[]
  exitCode: number
}

/** What the doctor of clients finds with these arguments and variables. */
export async function examine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  nowMs = Date.now(),
): Promise<DoctorReport> {
  const all = ['doctor', 'client', ...args, '--json']
  const { stdout, exitCode } = await runCommandLine(registerDoctor, all, { env, nowMs })
  return { ...JSON.parse(stdout), exitCode }
}

/** The variables of somebody of acme who calls this address. */
export function environmentOf(name: string, url: string): NodeJS.ProcessEnv {
  const { clientId, clientSecret } = credentialOf('acme', name)
  return { SALLYPORT_URL: url, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret }
}

/** This check alone fails, with this message and this to do. */
export function assertWrong(report: DoctorReport, name: string, message: RegExp, fix: RegExp): void {
  const failed = report.findings.filter(({ outcome }) => outcome === 'fail')
  assert.deepEqual([report.ok, report.exitCode], [false, 10])
  assert.deepEqual(
    failed.map((each) => each.name),
    [name],
    JSON.stringify(failed),
  )
  assert.match(report.first?.message ?? '', message)
  assert.match(report.first?.fix ?? '', fix)
}
