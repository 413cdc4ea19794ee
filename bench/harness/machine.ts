import { cpus, loadavg, release, type } from 'node:os'

/** One line on what the numbers were measured on, and how busy it was just before. */
export function describeMachine(): string {
  const [first, ...others] = cpus()
  const { node, openssl } = process.versions
  const load = loadavg()[0]?.toFixed(2)
  return `${first?.model ?? 'unknown CPU'}, ${others.length + 1} cores; ${type()} ${release()}; Node ${node} (OpenSSL ${openssl}); load average before the run ${load}`
}
