import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { givenCertificate, makeCertificate } from './certificate.ts'

it('makes a certificate for this machine, with a key for its owner only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'harbor-certificate-'))
  try {
    const { certificateFile, keyFile } = await makeCertificate('openssl', join(folder, 'new'))
    const certificate = new X509Certificate(await readFile(certificateFile))
    expect(['localhost', 'example.org'].map((host) => certificate.checkHost(host))).toEqual(['localhost', undefined])
    expect(['127.0.0.1', '127.0.0.2'].map((address) => certificate.checkIP(address))).toEqual(['127.0.0.1', undefined])
    expect((await stat(keyFile)).mode & 0o077).toBe(0)
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('takes the files that the environment names, both or none', () => {
  expect(givenCertificate({ HARBOR_TLS_CERT: '', HARBOR_TLS_KEY: undefined })).toBeUndefined()
  expect(givenCertificate({ HARBOR_TLS_CERT: '/a.crt', HARBOR_TLS_KEY: '/a.key' })).toEqual({
    certificateFile: '/a.crt',
    keyFile: '/a.key',
  })
  expect(() => givenCertificate({ HARBOR_TLS_CERT: '/a.crt' })).toThrow('HARBOR_TLS_KEY must be set both')
})
