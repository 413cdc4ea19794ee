/** How many milliseconds this process computes while `run` does: what other processes do meanwhile does not count. */
export function cpuTimeMs(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
