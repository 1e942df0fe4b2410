import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kept, makeSecret } from '../src/kept.ts'
import type { Certificate } from './certificate.ts'
import { instancesAt } from './instances.ts'
import { watchLiveness } from './liveness.ts'
import { type InstanceAddress, writeNginxFiles } from './nginx-files.ts'
import type { Output, Print } from './output.ts'
import { claim } from './pid-file.ts'
import { freePorts } from './ports.ts'
import { restartInTurn } from './rolling.ts'
import { Service } from './service.ts'
import { accepts, startPostgres, startRedis } from './stores.ts'

export interface ClusterOptions {
  readonly instances: number
  readonly port: number
  /** Undefined: without TLS only. */
  readonly tls: { readonly port: number; readonly certificate: Certificate } | undefined
  /** Absolute. */
  readonly dataFolder: string
  readonly programs: { readonly nginx: string; readonly redisServer: string }
  /** Undefined: it starts its own. */
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
  readonly secret: string | undefined
  readonly output: Output
  readonly print: Print
}

/** Postgres, Redis, instances, and nginx before them, each kept running. */
export class Cluster {
  readonly #options: ClusterOptions
  readonly #closers: (() => unknown)[] = []
  #instances: readonly Service[] = []
  #isStopping = false
  #rolling: Promise<boolean> | undefined

  constructor(options: ClusterOptions) {
    this.#options = options
  }

  /** @throws {Error} when anything does not start; whoever called stops the rest */
  async start(): Promise<void> {
    const { dataFolder, output, programs, print } = this.#options
    await mkdir(dataFolder, { recursive: true })
    this.#closers.unshift(await claim(dataFolder))
    const secret = this.#options.secret ?? (await kept(dataFolder, 'secret', makeSecret))
    const [redisPort = 0, ...ports] = await freePorts(1 + this.#options.instances)

    const databaseUrl =
      this.#options.databaseUrl ?? (await this.#own(startPostgres(dataFolder, output.for('postgres'))))
    const redisUrl =
      this.#options.redisUrl ?? (await this.#own(startRedis(programs.redisServer, redisPort, output.for('redis'))))

    const instances = instancesAt(ports, { databaseUrl, redisUrl, secret, output })
    this.#instances = instances.map(({ service }) => service)
    // Stopped after the instances, whose clients are told through it.
    const nginx = await this.#nginx(instances)
    this.#closers.unshift(() => Promise.all(this.#instances.map((instance) => instance.stop())))
    await Promise.all(this.#instances.map((instance) => instance.start()))
    for (const { service, url } of instances) {
      const unwatch = watchLiveness(url, () => {
        print(`${service.name} does not answer; ending it`)
        service.kill()
      })
      this.#closers.unshift(unwatch)
    }
    await nginx.start()
  }

  /** One at a time; a second call gets the first one's end. */
  roll(): Promise<boolean> {
    const { print } = this.#options
    this.#rolling ??= restartInTurn(this.#instances, { print, isStopping: () => this.#isStopping }).finally(() => {
      this.#rolling = undefined
    })
    return this.#rolling
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#rolling
    for (const close of this.#closers) await close()
  }

  /** Ends all at once. */
  kill(): void {
    for (const instance of this.#instances) instance.kill()
  }

  async #nginx(instances: readonly InstanceAddress[]): Promise<Service> {
    const { port, tls, programs, output } = this.#options
    const folder = await mkdtemp(join(tmpdir(), 'harbor-nginx-'))
    this.#closers.unshift(() => rm(folder, { recursive: true, force: true }))
    const main = await writeNginxFiles(folder, {
      listen: `127.0.0.1:${port}`,
      tls: tls && { listen: `127.0.0.1:${tls.port}`, certificate: tls.certificate },
      instances,
    })
    const nginx = new Service({
      name: 'nginx',
      program: programs.nginx,
      args: ['-e', 'stderr', '-p', folder, '-c', main, '-g', `daemon off; pid ${join(folder, 'nginx.pid')};`],
      print: output.for('nginx'),
      isReady: () => accepts(port),
      patience: 5_000,
    })
    this.#closers.unshift(() => nginx.stop())
    return nginx
  }

  async #own(starting: Promise<{ readonly url: string; stop(): Promise<void> }>): Promise<string> {
    const store = await starting
    this.#closers.unshift(() => store.stop())
    return store.url
  }
}
