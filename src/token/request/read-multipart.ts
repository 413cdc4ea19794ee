import { Busboy } from '@fastify/busboy'
import { OAuthError } from '../../oauth/oauth-error.ts'
import { MAX_PARAMETERS, MAX_VALUE_BYTES, tooManyParameters, type VisitParameter } from './parameters.ts'
import { invalidRequest } from './refuse.ts'

type Field = readonly [name: string, value: string]

const limits = {
  parts: MAX_PARAMETERS,
  fields: MAX_PARAMETERS,
  fieldSize: MAX_VALUE_BYTES,
  files: 0,
  headerPairs: 8,
  headerSize: 1024,
}

/**
 * Reads `multipart/form-data` (RFC 7578), quoted boundary or not. A part without a form-data name is skipped.
 *
 * @throws OAuthError `invalid_request`
 */
export async function readMultipart(contentType: string, body: Buffer, visit: VisitParameter): Promise<void> {
  for (const [name, value] of await fieldsOf(contentType, body)) visit(name, value)
}

async function fieldsOf(contentType: string, body: Buffer): Promise<readonly Field[]> {
  try {
    return await parseFields(contentType, body)
  } catch (error) {
    if (error instanceof OAuthError) throw error
    throw invalidRequest(
      'body.malformed',
      'The multipart body cannot be read. Check that it is whole and that Content-Type names its boundary.',
    )
  }
}

function parseFields(contentType: string, body: Buffer): Promise<readonly Field[]> {
  return new Promise((resolve, reject) => {
    const fields: Field[] = []
    const parser = new Busboy({ headers: { 'content-type': contentType }, limits })
    // Listeners may run on a later tick, where a throw would reach nobody: they only reject.
    parser.on('field', (name: string | undefined, value, _isNameTruncated, isValueTruncated) => {
      if (isValueTruncated) reject(tooLong())
      else if (name !== undefined) fields.push([name, value])
    })
    parser.on('filesLimit', () => reject(fileSent()))
    parser.on('fieldsLimit', () => reject(tooManyParameters()))
    parser.on('partsLimit', () => reject(tooManyParameters()))
    parser.on('error', reject)
    parser.on('finish', () => resolve(fields))
    parser.end(body)
  })
}

function tooLong() {
  return invalidRequest('parameter.too_long', `A multipart field is longer than ${MAX_VALUE_BYTES} bytes.`)
}

function fileSent() {
  return invalidRequest('parameter.file', 'A multipart part is sent as a file. Send each parameter as a plain field.')
}
