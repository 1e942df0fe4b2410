import { execFile } from 'node:child_process'
import { mkdir, rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Variables } from '../src/environment-reader.ts'

/** PEM files, by absolute paths. */
export interface Certificate {
  readonly certificateFile: string
  readonly keyFile: string
}

/**
 * What `HARBOR_TLS_CERT` and `HARBOR_TLS_KEY` name; undefined when neither is set.
 * @throws {Error} when only one is
 */
export function givenCertificate(variables: Variables): Certificate | undefined {
  const [certificateFile, keyFile] = [variables['HARBOR_TLS_CERT'], variables['HARBOR_TLS_KEY']]
  if (!certificateFile && !keyFile) return undefined
  if (certificateFile && keyFile) return { certificateFile: resolve(certificateFile), keyFile: resolve(keyFile) }
  throw new Error('HARBOR_TLS_CERT and HARBOR_TLS_KEY must be set both, or neither.')
}

/** A year, as what is made at each start need not hold for longer. */
const days = '365'
const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'

/** Makes a certificate for this machine that nobody but itself vouches for: `tls.crt` and `tls.key` in the folder. */
export async function makeCertificate(openssl: string, folder: string): Promise<Certificate> {
  await mkdir(folder, { recursive: true })
  const certificate = { certificateFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') }
  const draft = (file: string) => `${file}.${process.pid}`
  // It gives keys to their owner only.
  await promisify(execFile)(openssl, [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', days],
    ...['-subj', '/CN=localhost', '-addext', names],
    ...['-keyout', draft(certificate.keyFile), '-out', draft(certificate.certificateFile)],
  ])
  for (const file of Object.values(certificate)) await rename(draft(file), file)
  return certificate
}
