import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { test, type TestContext } from 'node:test'
import { Smtp } from './smtp.ts'

/** A mail server that knows just enough of RFC 5321 to take one mail, and writes down what it is told. */
async function startMailServer(t: TestContext): Promise<{ port: number; lines: string[] }> {
  const lines: string[] = []
  const server: Server = createServer((socket) => {
    let isData = false
    socket.write('220 mail.test\r\n')
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean)) {
        lines.push(line)
        if (isData && line !== '.') continue
        isData = line === 'DATA'
        socket.write(isData ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 fine\r\n')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { port: (server.address() as AddressInfo).port, lines }
}

test('a mail is handed to the mail server, for one recipient', async (t) => {
  const { port, lines } = await startMailServer(t)
  const smtp = new Smtp({ url: `smtp://127.0.0.1:${port}`, from: () => 'Acme <no-reply@acme.test>' })

  await smtp.send({ to: 'ada@acme.test', subject: 'Hello', text: 'Line\n' })

  assert.deepEqual(
    lines.filter((line) => /^(?:MAIL FROM|RCPT TO|From|To|Subject)/.test(line)),
    [
      'MAIL FROM:<no-reply@acme.test>',
      'RCPT TO:<ada@acme.test>',
      'From: Acme <no-reply@acme.test>',
      'To: ada@acme.test',
      'Subject: Hello',
    ],
  )
})

test('a mail server that is not there is an error to be told of, not a crash', async () => {
  const smtp = new Smtp({ url: 'smtp://127.0.0.1:1', from: () => 'no-reply@acme.test' })

  await assert.rejects(smtp.send({ to: 'ada@acme.test', subject: 'S', text: 'T' }), { code: /^E/ })
})
