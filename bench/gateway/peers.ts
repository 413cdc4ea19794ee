import { spawnSync } from 'node:child_process'
import { createPublicKey, type webcrypto } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort, type ServerProcess, startServer } from '../harness/server-process.ts'
import { makeTemporaryDirectory } from '../harness/temporary-directory.ts'
import { haproxyConfig, nginxConfig } from './configs.ts'

/** What every variant but Sallyport is told. */
export interface PeerWorld {
  core: number | undefined
  upstream: string
  /** The key that the tokens are signed with. */
  jwk: webcrypto.JsonWebKey
}

/** A started variant: where it listens, and the processes that do its work. */
export interface RunningPeer {
  origin: string
  pids: number[]
  stop: () => Promise<void>
}

export interface Peer {
  name: string
  /** The program that must be on this machine; undefined for what npm brings. */
  needs?: string
  start: (world: PeerWorld) => Promise<RunningPeer>
}

const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`

/** Where a program is; Debian keeps servers in folders that not everybody looks in. */
export function findProgram(name: string): string | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { env: { PATH }, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

const script = (name: string): string => join(import.meta.dirname, '..', 'peers', name)

/** Starts a server of ours in plain JavaScript. */
export async function startScript(core: number | undefined, file: string, settings: object): Promise<ServerProcess> {
  const port = await findFreePort()
  const PEER_SETTINGS = JSON.stringify({ ...settings, port })
  const env = { PATH, NODE_ENV: 'production', PEER_SETTINGS }
  return startServer({ name: file, port, core, command: [process.execPath, script(file)], env })
}

async function startNode(core: number | undefined, file: string, settings: object): Promise<RunningPeer> {
  const { origin, pid, stop } = await startScript(core, file, settings)
  return { origin, pids: [pid], stop }
}

/** Starts a program with a configuration of its own in a temporary directory; it says nothing when it is ready. */
async function startProgram(
  core: number | undefined,
  name: 'nginx' | 'haproxy',
  configOf: (port: number, directory: string) => string,
): Promise<RunningPeer> {
  const directory = makeTemporaryDirectory()
  const port = await findFreePort()
  const file = join(directory.path, `${name}.conf`)
  writeFileSync(file, configOf(port, directory.path))
  const program = findProgram(name) ?? name
  const args = name === 'nginx' ? ['-p', directory.path, '-c', file, '-e', 'stderr'] : ['-f', file, '-db']
  const command = [program, ...args]
  try {
    const { origin, pid, stop } = await startServer({ name, port, core, command, env: { PATH }, isReadyWhenOpen: true })
    const end = async () => {
      await stop()
      directory.remove()
    }
    return { origin, pids: [pid], stop: end }
  } catch (error) {
    directory.remove()
    throw error
  }
}

async function startAuthRequest({ core, upstream, jwk }: PeerWorld, caches: boolean): Promise<RunningPeer> {
  const verifier = await startNode(core, 'jwt-verifier.js', { jwk, caches })
  const nginx = await startProgram(core, 'nginx', (port, path) =>
    nginxConfig({ port, directory: path, upstream, verifier: verifier.origin }),
  )
  const stop = async () => void (await Promise.all([nginx.stop(), verifier.stop()]))
  return { origin: nginx.origin, pids: [...nginx.pids, ...verifier.pids], stop }
}

function startHaproxy({ core, upstream, jwk }: PeerWorld): Promise<RunningPeer> {
  return startProgram(core, 'haproxy', (port, directory) => {
    const keyFile = join(directory, 'key.pem')
    writeFileSync(keyFile, createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }))
    return haproxyConfig({ port, upstream, keyFile })
  })
}

/** `node:http` and undici with no check: what no gateway on Node can undercut. */
export const FLOOR = 'forwarding alone'

/** What is compared with, the ones without any check first. */
export const peers: Peer[] = [
  {
    name: 'nginx proxy_pass',
    needs: 'nginx',
    start: ({ core, upstream }) =>
      startProgram(core, 'nginx', (port, directory) => nginxConfig({ port, directory, upstream })),
  },
  { name: 'nginx auth_request, cached', needs: 'nginx', start: (world) => startAuthRequest(world, true) },
  { name: 'nginx auth_request', needs: 'nginx', start: (world) => startAuthRequest(world, false) },
  { name: 'haproxy jwt_verify', needs: 'haproxy', start: startHaproxy },
  { name: FLOOR, start: ({ core, upstream }) => startNode(core, 'forwarding-alone.js', { upstream }) },
  {
    name: 'fastify http-proxy, jose',
    start: ({ core, upstream, jwk }) => startNode(core, 'fastify-http-proxy.js', { upstream, jwk }),
  },
]
