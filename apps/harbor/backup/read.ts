import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { DamagedBackupError, type Header, type Manifest } from './format.ts'
import { type Item, readItems } from './items.ts'

/** Rows may be large; in smaller pieces they would be put together again and again. */
const chunkSize = 1024 * 1024

/**
 * Reads a backup and checks it as it goes.
 * @throws {DamagedBackupError} when it is not what a harbor wrote, all of it
 */
export const readBackup = (file: string): AsyncGenerator<Item> => readItems(unpacked(file))

/** Reads all of it, so that nothing is begun that a damaged end would break off. */
export async function checkBackup(file: string): Promise<{ readonly header: Header; readonly manifest: Manifest }> {
  let header: Header | undefined
  let manifest: Manifest | undefined
  for await (const item of readBackup(file)) {
    if (item.kind === 'header') header = item.header
    if (item.kind === 'end') manifest = item.manifest
  }
  if (header === undefined || manifest === undefined) throw new DamagedBackupError('its end is missing')
  return { header, manifest }
}

async function* unpacked(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file)
  const gunzip = createGunzip({ chunkSize })
  source.on('error', (error) => gunzip.destroy(error))
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Buffer>
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code.startsWith('Z_')) throw new DamagedBackupError(`it cannot be unpacked (${message})`, { cause: error })
    throw error
  } finally {
    source.destroy()
  }
}
