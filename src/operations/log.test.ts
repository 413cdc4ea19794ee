import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { makeLog } from './log.ts'

const SECRET = 'c0ffee-canary'

/** A place for lines that can be told to lose one. */
class MemorySink extends EventEmitter {
  text = ''

  write(line: string): void {
    this.text += line
  }

  flush(done: () => void): void {
    done()
  }
}

test('JSON lines hold time, level and the named fields, one object a line', () => {
  const sink = new MemorySink()
  const { logger } = makeLog({ logLevel: 'info', logFormat: 'json' }, sink)

  logger.info({ trackingId: 'abc' }, 'first\nline')
  logger.debug('too small')
  logger.error({ err: new TypeError('x is no y') }, 'second')

  const [first, second, ...rest] = sink.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.match(first.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual({ ...first, time: '' }, { level: 'info', time: '', trackingId: 'abc', msg: 'first\nline' })
  assert.deepEqual([second.level, second.err.type, second.err.message], ['error', 'TypeError', 'x is no y'])
  assert.deepEqual(rest, [])
})

test('text is for people: time, level, message, tracking id, and where an error happened', () => {
  const sink = new MemorySink()
  const { logger } = makeLog({ logLevel: 'info', logFormat: 'text' }, sink)

  logger.warn('slow')
  logger.error({ err: new TypeError('x is no y'), trackingId: 'abc' }, 'a request failed')

  assert.match(sink.text, /^\d\d:\d\d:\d\d warn {2}slow\n/)
  assert.match(
    sink.text,
    /^\d\d:\d\d:\d\d error a request failed \(tracking id abc\)\n {2}TypeError: x is no y\n {4}at .+\n/m,
  )
})

test('requests, answers and the input that errors quote do not get into it', () => {
  for (const logFormat of ['json', 'text'] as const) {
    const sink = new MemorySink()
    const { logger } = makeLog({ logLevel: 'debug', logFormat }, sink)
    const carrier = { url: `/x?client_secret=${SECRET}`, headers: { authorization: SECRET } }

    logger.error({ req: carrier, res: carrier, err: Object.assign(new Error(`bad "${SECRET}"`), carrier) }, 'failed')

    assert.match(sink.text, /failed/)
    assert.doesNotMatch(sink.text, new RegExp(SECRET))
  }
})

test('lines that are lost are counted, and a broken output ends nothing', () => {
  const sink = new MemorySink()
  const log = makeLog({ logLevel: 'info', logFormat: 'json' }, sink)

  sink.emit('drop', 'a line')
  sink.emit('error', Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }))

  assert.equal(log.droppedLines, 2)
})

test('flushing gives up when nobody reads', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const sink = Object.assign(new MemorySink(), { flush: () => {} })
  const flushed = makeLog({ logLevel: 'info', logFormat: 'json' }, sink).flush()

  t.mock.timers.tick(1000)

  await flushed
})
