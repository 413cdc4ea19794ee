import { applyLoad, type LoadResult, type LoadSize } from '../harness/load.ts'
import { type ProcessUsage, usageOf } from '../harness/process-usage.ts'
import type { ServerProcess } from '../harness/server-process.ts'
import { type Credential, tokenRequestForm } from './credential.ts'
import { accessTokenIn, makeTokenCheck, type TokenCheck } from './verify.ts'

/** One of the servers that are compared: how to start it and where its endpoints are. */
export interface Variant {
  name: string
  tokenPath: string
  jwksPath: string
  start: (core: number | undefined) => Promise<RunningVariant>
}

/** A started variant; `dataDirectory` only where it keeps one. `stop` leaves nothing behind. */
export interface RunningVariant {
  server: ServerProcess
  credential: Credential
  dataDirectory?: string
  stop: () => Promise<void>
}

/** A variant under load: what it answered, and what its processes used meanwhile. */
export interface Measurement {
  load: LoadResult
  cpuSeconds: number
  usage: ProcessUsage | undefined
}

/** Mints one token, and returns how to mint many: each burst is checked by a sample of its tokens. */
export async function prepareVariant(variant: Variant, running: RunningVariant) {
  const { server, credential } = running
  const form = tokenRequestForm(credential)
  const url = `${server.origin}${variant.tokenPath}`
  const answer = await mintOnce(variant.name, url, form)
  const check = await makeTokenCheck(server.origin, variant.jwksPath)
  await naming(variant.name, () => check([answer]))
  const target = { url: url.replace('//localhost:', '//127.0.0.1:'), host: new URL(url).host, form }

  return {
    tokenCharacters: accessTokenIn(answer)?.length ?? 0,
    mint: (size: LoadSize): Promise<Measurement> =>
      naming(variant.name, () => mintMany(server.pid, check, () => applyLoad(target, size))),
  }
}

/** Errors of many variants come out of one run: each says whose it is. */
async function naming<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`)
  }
}

async function mintOnce(name: string, url: string, form: string): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(url, { method: 'POST', headers, body: form })
  const answer = await response.text()
  if (response.status !== 200) throw new Error(`${name} answered ${response.status}: ${answer.slice(0, 500)}`)
  return answer
}

async function mintMany(pid: number, check: TokenCheck, run: () => Promise<LoadResult>): Promise<Measurement> {
  const before = usageOf(pid)
  const load = await run()
  const usage = usageOf(pid)
  await check(load.samples)
  const cpuSeconds = before && usage ? usage.cpuSeconds - before.cpuSeconds : Number.NaN
  return { load, cpuSeconds, usage }
}
