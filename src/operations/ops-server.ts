import { once } from 'node:events'
import type { Server } from 'node:http'
import { OperatorError } from '../errors.ts'
import { createServer } from '../http/node-http.ts'
import { answerProbe, type Readiness } from './readiness.ts'

export interface OpsServerOptions {
  host: string
  port: number
  readiness: Readiness
  /** Prometheus' text format. */
  metrics: () => Promise<string>
}

const CONNECTIONS_MAX = 50

/** Listens for operators: `/metrics`, `/livez`, `/readyz`. Meant for loopback or a private network. */
export async function startOpsServer({ host, port, readiness, metrics }: OpsServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    if (answerProbe(readiness, path, response)) return
    if (path !== '/metrics')
      return void response.writeHead(404).end('Not found. There is /metrics, /livez and /readyz.\n')
    metrics().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  server.maxConnections = CONNECTIONS_MAX
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new OperatorError(
      `The operations listener cannot use ${host}:${port}. Choose another with --ops-port, or turn it off with --ops-port off.`,
      { cause: error },
    )
  }
  return server
}
