import { isJsonObject } from '../../connection/token-claims.ts'
import { readCurls } from './curl.ts'
import { type FoundRequest, requestOf } from './request.ts'

const METHODS = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS'
const REQUEST_LINE = new RegExp(`^\\s*(${METHODS})\\s+(\\S+)`, 'i')
const NESTING_MAX = 50

/**
 * The requests that a text holds: a HAR, a Postman collection, curl commands, or lines of method and path. With `host`,
 * of a HAR or a collection only those to that host.
 */
export function findRequests(text: string, host?: string): FoundRequest[] {
  const value = parseJson(text)
  if (value === undefined)
    return [...readCurls(text), ...text.split('\n').flatMap((line) => parseRequestLine(line) ?? [])]
  return isJsonObject(value) ? [...harRequests(value, host), ...postmanRequests(value, host, NESTING_MAX)] : []
}

/** Reads `GET /v3/sources`, or the same with a whole URL. */
export function parseRequestLine(line: string): FoundRequest | undefined {
  const [, method, target] = REQUEST_LINE.exec(line) ?? []
  return method === undefined || target === undefined ? undefined : requestOf(method, target)
}

function harRequests({ log }: Record<string, unknown>, host: string | undefined): FoundRequest[] {
  const entries = isJsonObject(log) && Array.isArray(log['entries']) ? log['entries'] : []
  return entries.flatMap((entry: unknown) => {
    const request = isJsonObject(entry) ? entry['request'] : undefined
    return isJsonObject(request) ? requestTo(request['method'], request['url'], host) : []
  })
}

/** Folders hold items, and items hold a request or stand for one as its address alone. */
function postmanRequests({ item }: Record<string, unknown>, host: string | undefined, depth: number): FoundRequest[] {
  if (!Array.isArray(item) || depth === 0) return []
  return item.flatMap((each: unknown) => {
    if (!isJsonObject(each)) return []
    const { request } = each
    const own = typeof request === 'string' ? requestTo('GET', request, host) : []
    const url = isJsonObject(request) ? request['url'] : undefined
    const raw = isJsonObject(url) ? (url['raw'] ?? pathOf(url)) : url
    const declared = isJsonObject(request) ? requestTo(request['method'] ?? 'GET', raw, host) : []
    return [...own, ...declared, ...postmanRequests(each, host, depth - 1)]
  })
}

const pathOf = ({ path }: Record<string, unknown>): string | undefined =>
  Array.isArray(path) ? `/${path.filter((part) => typeof part === 'string').join('/')}` : undefined

function requestTo(method: unknown, url: unknown, host: string | undefined): FoundRequest[] {
  if (typeof method !== 'string' || typeof url !== 'string') return []
  if (host !== undefined && URL.parse(url)?.hostname !== host.toLowerCase()) return []
  const found = requestOf(method, url)
  return found ? [found] : []
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
