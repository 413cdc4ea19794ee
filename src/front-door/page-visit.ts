import type { IncomingMessage, ServerResponse } from 'node:http'

/** Somebody who typed the address into a browser: nobody else asks for a page at the root, without a token. */
export const isPageVisit = ({ method, headers }: IncomingMessage, path: string): boolean =>
  path === '/' &&
  method === 'GET' &&
  headers.authorization === undefined &&
  headers.accept?.includes('text/html') === true

/** Leads a person to the page that is for them. */
export function sendToSignIn(response: ServerResponse, trackingId: string): void {
  const headers = {
    location: '/login',
    'cache-control': 'no-store',
    'content-length': 0,
    'slpt-request-id': trackingId,
  }
  response.writeHead(303, headers).end()
}
