import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Identity {
  readonly cert: string
  readonly key: string
}

export interface Certificates {
  readonly ca: string
  readonly server: Identity
  readonly client: Identity
}

/** An authority of our own, with a server for localhost and a client beneath it; made by the `openssl` command. */
export function createCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-certificates-'))
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const newKey = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    `${name}.key`,
  ]
  const issue = (name: string, extension: string): Identity => {
    writeFileSync(join(folder, `${name}.ext`), extension)
    run('req', '-new', ...newKey(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2']
    run('x509', '-req', '-in', `${name}.csr`, ...authority, '-out', `${name}.crt`, '-extfile', `${name}.ext`)
    return { cert: read(`${name}.crt`), key: read(`${name}.key`) }
  }
  try {
    run('req', '-x509', ...newKey('ca'), '-out', 'ca.crt', '-days', '2', '-subj', '/CN=Plimsoll test authority')
    const server = issue('server', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
    return { ca: read('ca.crt'), server, client: issue('client', 'extendedKeyUsage=clientAuth') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
