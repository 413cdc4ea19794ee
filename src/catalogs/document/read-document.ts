import { gunzipSync } from 'node:zlib'
import { invalidDocument } from './invalid-document.ts'
import { isJsonObject, type JsonObject, own } from './json-object.ts'
import { parseJson } from './parse-json.ts'
import { parseYaml } from './parse-yaml.ts'

const MAX_BYTES = 64 * 1024 * 1024
const READABLE_VERSION = /^3\.[01](\.|$)/

/** An OpenAPI 3.0 or 3.1 document. Only what its type names has been checked. */
export interface OpenApiDocument extends JsonObject {
  readonly openapi: string
  readonly paths: JsonObject
}

/**
 * Reads an OpenAPI 3.0 or 3.1 document, JSON or YAML, plain or gzipped, of at most 64 MiB. `name` is what the
 * document is called in errors.
 *
 * @throws DomainError `invalid` naming the line or JSON pointer, what is wrong there and what to do.
 */
export function readDocument(bytes: Buffer, name: string): OpenApiDocument {
  const text = decode(isGzipped(bytes) ? unzip(bytes, name) : bytes, name)
  const value = /^\s*[[{]/.test(text) ? parseJson(text, name) : parseYaml(text, name)
  return requireOpenApi(value, name)
}

/** By its first bytes (RFC 1952 §2.3.1). */
export function isGzipped(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function unzip(bytes: Buffer, name: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(name)
    throw invalidDocument(name, '', 'is not a whole gzip file; pack it again', error)
  }
}

function decode(bytes: Buffer, name: string): string {
  if (bytes.length > MAX_BYTES) throw tooLarge(name)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw invalidDocument(name, '', 'is not UTF-8 text; save it as UTF-8', error)
  }
}

function tooLarge(name: string): Error {
  return invalidDocument(name, '', 'is larger than 64 MiB; split the document')
}

function requireOpenApi(value: unknown, name: string): OpenApiDocument {
  if (!isJsonObject(value))
    throw invalidDocument(name, 'line 1', 'is not an OpenAPI document; that is an object with openapi and paths')
  if (own(value, 'swagger') !== undefined) {
    throw invalidDocument(name, '/swagger', 'this is Swagger 2.0; convert it to OpenAPI 3.0 or 3.1')
  }
  if (!isOpenApi(value, name)) throw invalidDocument(name, '/paths', 'must be an object that holds the paths; add it')
  return value
}

function isOpenApi(document: JsonObject, name: string): document is OpenApiDocument {
  const version = own(document, 'openapi')
  if (typeof version !== 'string' || !READABLE_VERSION.test(version)) {
    const found = version === undefined ? 'missing' : JSON.stringify(version)?.slice(0, 40)
    throw invalidDocument(name, '/openapi', `is ${found}; it must be the text "3.0.x" or "3.1.x"`)
  }
  return isJsonObject(own(document, 'paths'))
}
