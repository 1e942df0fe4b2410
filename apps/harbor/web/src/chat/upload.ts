import { ApiError, toApiError } from '../net/api.ts'

export interface StoredFile {
  readonly id: string
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** Of an image that harbor shows, in pixels. */
  readonly width?: number
  readonly height?: number
}

/** As harbor takes them. */
export const mostBytes = 25 * 1024 * 1024

/**
 * Sends a file, for the members of a room. `fetch` cannot say how far an upload has come; XMLHttpRequest can.
 * @param onProgress from 0 to 1. Throws an `ApiError`
 */
export function upload(
  file: File,
  roomId: string,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<StoredFile> {
  const { promise, resolve, reject } = withResolvers<StoredFile>()
  const form = new FormData()
  form.append('file', file, file.name)
  const request = new XMLHttpRequest()
  request.open('POST', `/api/files?room=${roomId}`)
  request.responseType = 'json'
  request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total)
  request.onload = () => {
    const body: unknown = request.response
    if (request.status < 300) resolve((body as { file: StoredFile }).file)
    else reject(toApiError(request.status, body))
  }
  request.onerror = () => reject(new ApiError(0, 'offline', 'The upload was cut off. Check your connection.'))
  request.onabort = () => reject(new ApiError(0, 'aborted', 'The upload was called off.'))
  signal.addEventListener('abort', () => request.abort())
  request.send(form)
  return promise
}

function withResolvers<T>() {
  let resolve!: (value: T) => void
  let reject!: (error: Error) => void
  const promise = new Promise<T>((resolveIt, rejectIt) => {
    resolve = resolveIt
    reject = rejectIt
  })
  return { promise, resolve, reject }
}
