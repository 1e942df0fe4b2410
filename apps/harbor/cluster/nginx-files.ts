import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Certificate } from './certificate.ts'

export interface InstanceAddress {
  /** `HARBOR_INSTANCE` of it: letters, digits and hyphens. */
  readonly name: string
  /** `host:port`, or `unix:` and a file. */
  readonly address: string
}

/** `deploy/nginx`, seen from `cluster/` and from `dist/` alike. */
const deployed = fileURLToPath(new URL('../deploy/nginx/', import.meta.url))

/** `instances.conf`: the groups of instances that `harbor.conf` sends requests to. */
export function instancesFile(instances: readonly InstanceAddress[]): string {
  const servers = instances.map(({ address }) => `server ${address} max_fails=0;`)
  const groups: readonly (readonly [name: string, ...lines: readonly string[]])[] = [
    ['harbor', 'zone harbor 64k;', ...servers],
    ['harbor_kept', 'zone harbor_kept 64k;', ...servers, 'keepalive 32;', 'keepalive_timeout 60s;'],
    // After a restart the one without connections gets the next.
    ['harbor_sockets', 'zone harbor_sockets 64k;', 'least_conn;', ...servers],
    ...instances.map(({ name, address }) => [`harbor_${name}`, `server ${address} max_fails=0;`] as const),
  ]
  return groups.map(([name, ...lines]) => `upstream ${name} {\n  ${lines.join('\n  ')}\n}\n`).join('\n')
}

interface TlsListener {
  /** `address:port` */
  readonly listen: string
  readonly certificate: Certificate
}

interface NginxOptions {
  /** `address:port` */
  readonly listen: string
  /** Listens there as well. */
  readonly tls?: TlsListener | undefined
  readonly instances: readonly InstanceAddress[]
}

/**
 * Writes what nginx needs to run in a folder of its own.
 * @returns the main file
 */
export async function writeNginxFiles(folder: string, { listen, tls, instances }: NginxOptions): Promise<string> {
  await Promise.all(['conf.d', 'tls'].map((name) => mkdir(join(folder, name), { recursive: true })))
  const server = await readFile(join(deployed, 'harbor.conf'), 'utf8')
  await Promise.all([
    cp(join(deployed, 'nginx.conf'), join(folder, 'nginx.conf')),
    writeFile(join(folder, 'conf.d', 'harbor.conf'), server.replace('listen 8080', `listen ${listen}`)),
    writeFile(join(folder, 'instances.conf'), instancesFile(instances)),
    tls && writeTlsFile(folder, tls),
  ])
  return join(folder, 'nginx.conf')
}

async function writeTlsFile(folder: string, { listen, certificate }: TlsListener): Promise<void> {
  const text = await readFile(join(deployed, 'tls', 'tls.conf'), 'utf8')
  const own = text
    .replace('listen 8443', `listen ${listen}`)
    .replace('/etc/nginx/certificates/harbor.crt', certificate.certificateFile)
    .replace('/etc/nginx/certificates/harbor.key', certificate.keyFile)
  await writeFile(join(folder, 'tls', 'tls.conf'), own)
}
