import { EnvironmentError, readEnvironment } from '../src/environment.ts'
import { readArguments, usage } from './arguments.ts'
import { givenCertificate, makeCertificate } from './certificate.ts'
import { Cluster } from './cluster.ts'
import { Output } from './output.ts'
import { runningCluster } from './pid-file.ts'
import { isFree } from './ports.ts'
import { findProgram, nginx, openssl, redisServer } from './programs.ts'

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const given = readArguments(args)
  if (given === 'help') {
    console.log(usage)
    return 0
  }
  const { databaseUrl, redisUrl, secret, dataFolder } = readEnvironment(process.env)
  if (given.rolling) return roll(dataFolder)

  const { port, tlsPort } = given
  const certificate = givenCertificate(process.env)
  if (certificate !== undefined && tlsPort === undefined) {
    console.error('HARBOR_TLS_CERT is set, but nginx listens nowhere with TLS. Add: --tls-port 8443')
    return 1
  }
  const unneeded = { path: '' }
  const programs = await Promise.all([
    findProgram(nginx),
    redisUrl === undefined ? findProgram(redisServer) : unneeded,
    tlsPort !== undefined && certificate === undefined ? findProgram(openssl) : unneeded,
  ])
  const [balancer, store, maker] = programs
  if (typeof balancer !== 'object' || typeof store !== 'object' || typeof maker !== 'object') {
    console.error(programs.filter((found) => typeof found === 'string').join('\n'))
    return 1
  }
  for (const [option, wanted] of [
    ['--port', port],
    ['--tls-port', tlsPort],
  ] as const) {
    if (wanted === undefined || (await isFree(wanted))) continue
    console.error(`Port ${wanted} is taken. Name another one: npm run harbor:cluster -- ${option} ${wanted + 1}`)
    return 1
  }
  const names = Array.from({ length: given.instances }, (_, index) => `harbor-${index + 1}`)
  const output = new Output(process.stdout, ['cluster', 'postgres', 'redis', 'nginx', ...names])
  const print = output.for('cluster')
  const cluster = new Cluster({
    instances: given.instances,
    port,
    tls:
      tlsPort === undefined
        ? undefined
        : { port: tlsPort, certificate: certificate ?? (await makeCertificate(maker.path, dataFolder)) },
    dataFolder,
    programs: { nginx: balancer.path, redisServer: store.path },
    databaseUrl,
    redisUrl,
    secret,
    output,
    print,
  })

  const signalled = new Promise<string>((resolve) => {
    let stopping = false
    const onSignal = (signal: NodeJS.Signals) => {
      // Asked twice: no more patience. What remains ends when this process is gone.
      if (stopping) {
        cluster.kill()
        process.exit(1)
      }
      stopping = true
      resolve(signal)
    }
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  })
  let code = 0
  try {
    const started = cluster.start()
    const first = await Promise.race([started, signalled])
    if (first === undefined) {
      process.on('SIGUSR2', () => void cluster.roll())
      const secure = tlsPort === undefined ? '' : ` and https://127.0.0.1:${tlsPort}`
      print(`harbor listens at http://127.0.0.1:${port}${secure} (${given.instances} instances; Ctrl-C stops all)`)
      print(`stopping (${await signalled})`)
    } else {
      started.catch(() => undefined)
    }
  } catch (error) {
    print(error instanceof Error ? error.message : String(error))
    code = 1
  }
  await cluster.stop()
  print('stopped')
  return code
}

async function roll(dataFolder: string): Promise<number> {
  const running = await runningCluster(dataFolder)
  if (running === undefined) {
    console.error(`No cluster runs on ${dataFolder}. Start one with: npm run harbor:cluster`)
    return 1
  }
  process.kill(running, 'SIGUSR2')
  console.log(
    `The cluster (process ${running}) restarts its instances one after the other; its output says how it goes.`,
  )
  return 0
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  const lines = error instanceof EnvironmentError ? [error.message, ...error.problems] : [(error as Error).message]
  console.error(lines.join('\n  '))
  process.exit(error instanceof EnvironmentError ? 1 : 2)
}
