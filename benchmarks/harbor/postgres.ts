import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { makeCluster, superuser } from '../../apps/harbor/src/embedded-postgres/cluster.ts'
import { type Home, makeHome } from '../../apps/harbor/src/embedded-postgres/home.ts'
import { findInstallation, type Installation } from '../../apps/harbor/src/embedded-postgres/installation.ts'
import { type Postmaster, startPostmaster } from '../../apps/harbor/src/embedded-postgres/postmaster.ts'
import { serverUser } from '../../apps/harbor/src/embedded-postgres/server-user.ts'
import { newFolder } from '../harness/scratch.ts'
import { wait } from '../harness/wait.ts'

const password = 'benchmark'
const urlAt = (port: number) => `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`

/** A Postgres with harbor's own settings, that stays away for as long as it is told to. */
export class Postgres {
  readonly #home: Home
  readonly #installation: Installation
  readonly #core: number | undefined
  #postmaster: Postmaster

  private constructor(home: Home, installation: Installation, core: number | undefined, postmaster: Postmaster) {
    this.#home = home
    this.#installation = installation
    this.#core = core
    this.#postmaster = postmaster
    this.#pin()
  }

  static async start(core: number | undefined): Promise<Postgres> {
    const user = serverUser()
    const home = await makeHome(newFolder(), user)
    const installation = await findInstallation(home, user, undefined)
    await makeCluster(home, installation, user, password)
    return new Postgres(home, installation, core, await startPostmaster({ home, installation, user, urlAt }))
  }

  get url(): string {
    return urlAt(this.#postmaster.port)
  }

  get pid(): number {
    return this.#postmaster.process.pid ?? Number.NaN
  }

  /** An immediate stop: sessions break off, and the next start recovers from the log. */
  async restart(secondsAway: number): Promise<void> {
    const { port } = this.#postmaster
    await this.#end()
    await wait(secondsAway)
    const options = { home: this.#home, installation: this.#installation, user: serverUser(), urlAt }
    this.#postmaster = await startPostmaster(options, port)
    this.#pin()
  }

  async stop(): Promise<void> {
    await this.#end()
    await rm(this.#home.postgres, { recursive: true, force: true })
  }

  async #end(): Promise<void> {
    this.#postmaster.process.kill('SIGQUIT')
    await this.#postmaster.ended
  }

  /** What it starts for its sessions stays where it is. */
  #pin(): void {
    if (this.#core === undefined) return
    spawnSync('taskset', ['-a', '-c', '-p', String(this.#core), String(this.#postmaster.process.pid)])
  }
}
