import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { listen, readSettings } from './settings.js'

/**
 * The least that a token can cost on `node:http`: the body is read and not looked at, nobody is authenticated, nothing is
 * counted, and the signatures of one turn of the event loop are made back to back. Not a server to use.
 */
const settings = readSettings()
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicJwk = { ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'bench' }
const signing = { key: privateKey, dsaEncoding: 'ieee-p1363' }
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const header = encode({ alg: 'ES256', typ: 'JWT', kid: 'bench' })

let waiting = []

function signTurn() {
  const turn = waiting
  waiting = []
  const answers = turn.map(() => JSON.stringify(makeAnswer()))
  for (const [at, response] of turn.entries()) answer(response, answers[at])
}

function makeAnswer() {
  const issuedAt = Math.floor(Date.now() / 1000)
  const claims = {
    ...settings.claims,
    client_id: settings.clientId,
    scope: settings.scope,
    iss: settings.origin,
    aud: settings.origin,
    sub: settings.clientId,
    iat: issuedAt,
    exp: issuedAt + settings.lifetimeSeconds,
    jti: randomUUID(),
  }
  const input = `${header}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(input), signing).toString('base64url')
  return { access_token: `${input}.${signature}`, token_type: 'bearer', expires_in: settings.lifetimeSeconds }
}

function answer(response, text) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

const server = createServer((request, response) => {
  if (request.method === 'GET') return answer(response, JSON.stringify({ keys: [publicJwk] }))
  request.resume().on('end', () => {
    if (waiting.push(response) === 1) setImmediate(signTurn)
  })
})

listen(server, settings)
