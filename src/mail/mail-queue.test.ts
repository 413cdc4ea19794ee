import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Mail, Mailer } from './mail.ts'
import { MailQueue } from './mail-queue.ts'

const mail: Mail = { to: 'ada@acme.test', subject: 'S', text: 'T' }

/** A mail server that fails as often as it is told to. */
function flaky(failures: readonly Error[]): { mailer: Mailer; sent: Mail[]; tries: () => number } {
  const sent: Mail[] = []
  let tries = 0
  const send = async (one: Mail): Promise<void> => {
    const error = failures[tries++]
    if (error) throw error
    sent.push(one)
  }
  return { mailer: { send }, sent, tries: () => tries }
}

function start(failures: readonly Error[] = []) {
  const server = flaky(failures)
  const errors: unknown[] = []
  const queue = new MailQueue({ mailer: server.mailer, onError: (error) => errors.push(error), retryAfterMs: [1, 1] })
  return { ...server, queue, errors }
}

const refused = (responseCode: number): Error => Object.assign(new Error('refused'), { responseCode })

test('a mail is tried three times before it is given up', async () => {
  const { queue, sent, errors, tries } = start([new Error('1'), refused(450), new Error('3'), new Error('4')])

  queue.post(mail)
  await queue.idle()

  assert.deepEqual([tries(), sent.length, errors.length], [3, 0, 1])
})

test('a mail that gets through later is no error', async () => {
  const { queue, sent, errors } = start([new Error('1'), new Error('2')])

  queue.post(mail)
  await queue.idle()

  assert.deepEqual([sent.length, errors.length], [1, 0])
})

test('a mail that the server refuses for good is not tried again', async () => {
  const { queue, errors, tries } = start([refused(550)])

  queue.post(mail)
  await queue.idle()

  assert.deepEqual([tries(), errors.length], [1, 1])
})

test('the queue has an end, and takes mails again once it is shorter', async () => {
  const { queue, sent } = start()
  const taken = Array.from({ length: 201 }, () => queue.post(mail))

  await queue.idle()

  assert.deepEqual([taken.filter(Boolean).length, taken.at(-1), sent.length], [200, false, 200])
  assert.equal(queue.post(mail), true)
  await queue.idle()
})

for (const to of [
  'a@b.test,c@d.test',
  'a@b.test;c@d.test',
  'a@b.test\r\nBcc: c@d.test',
  'A <a@b.test>',
  'a b@c.test',
  '"a"@b.test',
  'a(comment)@b.test',
  'nobody',
  '',
])
  test(`${JSON.stringify(to)} is not one address, and nothing is sent`, async () => {
    const { queue, sent } = start()

    assert.equal(queue.post({ ...mail, to }), false)
    await queue.idle()

    assert.deepEqual(sent, [])
  })

test('closing sends what is left without waiting between tries', async () => {
  const server = flaky([new Error('1')])
  const queue = new MailQueue({ mailer: server.mailer, onError: () => {}, retryAfterMs: [60_000] })
  queue.post(mail)

  await queue.close()

  assert.equal(server.sent.length, 1)
})
