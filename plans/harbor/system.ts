import { env, type FigureOptions, type ProbeOptions, type SystemOptions } from 'plimsoll'

const port = env('PORT', { default: 3000 })
/** Where harbor keeps its own Postgres; counts from the repository's root. */
const data = env('HARBOR_DATA', { default: '.harbor' })
const databaseUrl = env('DATABASE_URL', { default: '', secret: true })
/** Without one, harbor keeps in its own memory what a Redis would hold. */
const redisUrl = env('REDIS_URL', { default: '', secret: true })
export const withRedis = redisUrl !== ''

/** Then statement times are counted, and `process` is harbor and its Postgres together. */
export const ownPostgres = databaseUrl === ''

/** Harbor, with the environment that a plan wants it to have. Without a `DATABASE_URL` it brings its own Postgres. */
export const harbor = (environment: Readonly<Record<string, string>>): SystemOptions => ({
  url: `http://127.0.0.1:${port}`,
  start: {
    command: 'node apps/harbor/dist/server.js',
    cwd: '..',
    env: { PORT: port, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, HARBOR_DATA: data, ...environment },
  },
  ready: '/health/ready',
})

/** Users of one machine share an address, and those of the real service do not: limits are out of the way. */
export const withoutLimits = { HARBOR_RATE_LIMIT: '100000000' }

/** From sending a command to Redis until its answer is there, as harbor counts it. */
export const redisCommands: FigureOptions = { histogram: 'redis_command_duration_seconds' }

/** Harbor writes into its data folder where its Postgres is. */
export const harborProbes: ProbeOptions = {
  postgres: databaseUrl || `file:${data.startsWith('/') ? data : `../${data}`}/database-url`,
  ...(redisUrl === '' ? {} : { redis: redisUrl }),
}
