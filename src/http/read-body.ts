import type { IncomingMessage } from 'node:http'

const NOTHING = Buffer.alloc(0)

/**
 * Reads a whole body of at most `bytesMax` bytes, and tells `done` of it once; of a longer one it tells `undefined`, and
 * the connection should then end, because the rest is not read. `onSlow` is told when the body does not come with its
 * head. Nobody is told of a caller that goes away.
 */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
  { done, onSlow }: { done: (body: Buffer | undefined) => void; onSlow: () => void },
): void {
  // By the next tick a short body has come with its head: it is taken as it lies there, without the stream's events.
  process.nextTick(() => {
    if (Number(request.headers['content-length']) > bytesMax) return done(undefined)
    if (hasArrived(request)) return done(request.readableLength > bytesMax ? undefined : takeAll(request))
    onSlow()
    return collect(request, bytesMax, done)
  })
}

const hasArrived = ({ complete, readableLength, headers }: IncomingMessage): boolean =>
  complete || readableLength === Number(headers['content-length'])

// Nothing sets an encoding, so what is read is a buffer.
const takeAll = (request: IncomingMessage): Buffer => (request.read() as Buffer | null) ?? NOTHING

function collect(request: IncomingMessage, bytesMax: number, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes <= bytesMax) return void chunks.push(chunk)
    request.off('data', onData).off('end', onEnd).pause()
    return done(undefined)
  }
  const onEnd = (): void => done(Buffer.concat(chunks, bytes))
  request.on('data', onData).on('end', onEnd)
}
