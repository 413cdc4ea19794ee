import { createServer } from 'node:http'
// The very release that Sallyport forwards with.
import { Pool } from '../../node_modules/undici/index.js'
import { listen, readSettings } from './settings.js'

/**
 * The least that forwarding can cost with `node:http` and undici: headers and body are handed on as they come, and no
 * token is looked at. Not a gateway to use.
 */
const settings = readSettings()
const pool = new Pool(settings.upstream, { connections: 128, pipelining: 1 })

class Handing {
  constructor(response) {
    this.response = response
  }
  onRequestStart() {}
  onResponseStart(_controller, status, headers) {
    this.response.writeHead(status, headers)
  }
  onResponseData(_controller, chunk) {
    this.response.write(chunk)
  }
  onResponseEnd() {
    this.response.end()
  }
  onResponseError(_controller, error) {
    this.response.destroy(error)
  }
}

const server = createServer(({ method, url, headers }, response) => {
  pool.dispatch({ method, path: url, headers }, new Handing(response))
})

listen(server, settings)
