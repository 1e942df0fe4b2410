import { randomBytes } from 'node:crypto'
import { openAsBytes, sizeOfFile } from './file-body.ts'
import type { FileBody, RequestInput } from './types.ts'

type Form = NonNullable<RequestInput['form']>
type Part = { readonly head: Buffer; readonly content: Buffer | FileBody }

export interface Multipart {
  readonly type: string
  readonly length: number
  open(): AsyncIterable<Uint8Array>
}

const CRLF = Buffer.from('\r\n')

/**
 * A form as `multipart/form-data` (RFC 7578, names escaped as the HTML standard has it). Files are measured now and read
 * while they are sent.
 * @throws {TransportError} REQUEST_BODY_FAILED for a file that cannot be read
 */
export function createMultipart(form: Form): Multipart {
  const boundary = `plimsoll-${randomBytes(12).toString('hex')}`
  const parts = Object.entries(form).map(([name, value]) => createPart(boundary, name, value))
  const tail = Buffer.from(`--${boundary}--\r\n`)
  const length = parts.reduce((sum, part) => sum + part.head.length + lengthOf(part.content) + CRLF.length, tail.length)
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    length,
    async *open() {
      for (const { head, content } of parts) {
        yield head
        if (Buffer.isBuffer(content)) yield content
        else yield* openAsBytes(content)
        yield CRLF
      }
      yield tail
    },
  }
}

function createPart(boundary: string, name: string, value: Form[string]): Part {
  const begin = `--${boundary}\r\ncontent-disposition: form-data; name="${escapeName(name)}"`
  if (typeof value !== 'object') return { head: Buffer.from(`${begin}\r\n\r\n`), content: Buffer.from(String(value)) }
  if (value instanceof Uint8Array) {
    const head = `${begin}; filename="blob"\r\ncontent-type: application/octet-stream\r\n\r\n`
    return { head: Buffer.from(head), content: Buffer.from(value.buffer, value.byteOffset, value.byteLength) }
  }
  const filename = escapeName(value.name ?? value.path.split(/[\\/]/).at(-1) ?? 'file')
  const type = value.type ?? 'application/octet-stream'
  return {
    head: Buffer.from(`${begin}; filename="${filename}"\r\ncontent-type: ${type.replace(/[\r\n]/g, ' ')}\r\n\r\n`),
    content: value,
  }
}

const lengthOf = (content: Buffer | FileBody) => (Buffer.isBuffer(content) ? content.length : sizeOfFile(content))

const escapeName = (name: string) => name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22')
