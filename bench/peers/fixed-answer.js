import { createServer } from 'node:http'
import { listen, readSettings } from './settings.js'

/** As long as a token response, and no work: what is left is the load generator's own speed. */
const answer = JSON.stringify({ access_token: 'x'.repeat(1000), token_type: 'bearer', expires_in: 750 })
const headers = { 'content-type': 'application/json', 'content-length': answer.length }

const server = createServer((request, reply) => {
  request.resume().on('end', () => reply.writeHead(200, headers).end(answer))
})

listen(server, readSettings())
