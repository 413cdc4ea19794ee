import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Benchmark } from './harness/benchmark.ts'
import { chooseCores } from './harness/cores.ts'
import { describeMachine } from './harness/machine.ts'
import { usageOf } from './harness/process-usage.ts'
import { formatMegabytes, formatNumber, formatTable } from './harness/table.ts'
import { tokenRequestForm } from './token/credential.ts'
import { startSallyport } from './token/sallyport.ts'

const SECONDS_MAX = 2
const ADDED_BYTES_MAX = 150e6
const CATALOGS = '/sallyport/v1/catalogs'

const usage = `Usage: npm run bench catalogs -- --specs DIR

Loads every OpenAPI document of a directory (JSON, YAML, gzipped or not) into a fresh server over HTTP, each with its
name for a prefix, and asks for the access matrix of all. Aims: under ${SECONDS_MAX} s, and ${ADDED_BYTES_MAX / 1e6} MB more.`

/** Loads documents over HTTP; throws when that takes longer or more memory than promised. */
export const benchmark: Benchmark = async (args) => {
  const { specs, help } = parseArgs({ args, options: { specs: { type: 'string' }, help: { type: 'boolean' } } }).values
  if (help || specs === undefined) return console.log(usage)
  const files = readdirSync(specs).filter((name) => /\.(json|ya?ml)(\.gz)?$/.test(name))
  if (files.length === 0) throw new Error(`${specs} holds no document: name a directory with .json or .yaml files.`)
  const cores = chooseCores()
  console.log(`${describeMachine()}\n${cores.told}\n`)
  const running = await startSallyport(cores.server)
  try {
    report(await loadAll(running, specs, files))
  } finally {
    await running.stop()
  }
}

type Running = Awaited<ReturnType<typeof startSallyport>>

interface Loaded {
  readonly file: string
  readonly operations: number
  readonly notes: number
  readonly seconds: number
}

interface Measured {
  readonly loaded: readonly Loaded[]
  /** From the change to the first answer that all documents had a part in. */
  readonly readySeconds: number
  readonly cpuSeconds: number
  readonly before: number
  readonly after: number
  readonly peak: number
}

async function loadAll({ server, credential }: Running, specs: string, files: readonly string[]): Promise<Measured> {
  const { pid, origin } = server
  const authorization = `Bearer ${await obtainToken(origin, tokenRequestForm(credential))}`
  await send(origin, CATALOGS, { headers: { authorization } })
  const { residentBytes: before, cpuSeconds: cpuBefore } = usageOf(pid) ?? unknownUsage
  const loaded: Loaded[] = []
  for (const file of files) {
    const name = file.replace(/\..*$/, '')
    const startedMs = performance.now()
    const path = `${CATALOGS}?name=${name}&prefix=/${name}&upstream=sample`
    const answer = await send(origin, path, {
      method: 'POST',
      headers: { authorization },
      body: readFileSync(join(specs, file)),
    })
    const { operations, notes } = answer as { operations: number; notes: unknown[] }
    loaded.push({ file, operations, notes: notes.length, seconds: (performance.now() - startedMs) / 1000 })
  }
  const askedMs = performance.now()
  await send(origin, '/sallyport/v1/access-matrix?method=none', { headers: { authorization } })
  const readySeconds = (performance.now() - askedMs) / 1000
  const { residentBytes: after, peakResidentBytes: peak, cpuSeconds } = usageOf(pid) ?? unknownUsage
  return { loaded, readySeconds, cpuSeconds: cpuSeconds - cpuBefore, before, after, peak }
}

const unknownUsage = { residentBytes: Number.NaN, peakResidentBytes: Number.NaN, cpuSeconds: Number.NaN }

async function obtainToken(origin: string, form: string): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await send(origin, '/oauth/token', { method: 'POST', headers, body: form })
  return (answer as { access_token: string }).access_token
}

async function send(origin: string, path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(new URL(path, origin), init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text.slice(0, 500)}`)
  return JSON.parse(text)
}

function report({ loaded, readySeconds, cpuSeconds, before, after, peak }: Measured): void {
  const rows = loaded.map(({ file, operations, notes, seconds }) => [
    file,
    formatNumber(operations),
    formatNumber(notes),
    formatNumber(seconds, 2),
  ])
  const seconds = loaded.reduce((sum, each) => sum + each.seconds, readySeconds)
  const operations = loaded.reduce((sum, each) => sum + each.operations, 0)
  console.log(formatTable(['document', 'operations', 'notes', 's'], rows))
  const [total, cpu] = [formatNumber(seconds, 2), formatNumber(cpuSeconds, 2)]
  console.log(`\n${formatNumber(operations)} operations in ${total} s, ${cpu} s of CPU time`)
  console.log(`Of these, ${formatNumber(readySeconds, 2)} s until the first request was answered.`)
  console.log(
    `resident: ${formatMegabytes(before)} MB before, ${formatMegabytes(after)} MB after, ${formatMegabytes(peak)} MB at most`,
  )
  if (Math.min(seconds, cpuSeconds) > SECONDS_MAX) throw new Error(`That is more than ${SECONDS_MAX} s.`)
  if (after - before > ADDED_BYTES_MAX) throw new Error(`That is more than ${ADDED_BYTES_MAX / 1e6} MB added.`)
}
