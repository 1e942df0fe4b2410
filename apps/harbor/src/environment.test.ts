import { describe, expect, it } from 'vitest'
import { EnvironmentError, readEnvironment } from './environment.ts'

function problemsOf(variables: Record<string, string>): readonly string[] {
  try {
    readEnvironment(variables)
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems
    throw error
  }
  return []
}

describe('readEnvironment', () => {
  it('needs nothing', () => {
    expect(readEnvironment({ PORT: '', DATABASE_URL: '' })).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: undefined,
      secret: undefined,
      logLevel: 'info',
    })
  })

  it('names every problem at once', () => {
    const problems = problemsOf({
      PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      DATABASE_REPLICA_URL: 'replica:5432',
      HARBOR_SECRET: 'short',
      LOG_LEVEL: 'loud',
      HARBOR_DB_CONNECTIONS: '1',
    })
    const named = problems.map((problem) => problem.split(' ', 1)[0]).sort()
    expect(named).toEqual([
      'DATABASE_REPLICA_URL',
      'DATABASE_URL',
      'HARBOR_DB_CONNECTIONS',
      'HARBOR_SECRET',
      'LOG_LEVEL',
      'PORT',
    ])
    expect(problems.join('\n')).not.toContain('hunter2')
    expect(problems.join('\n')).not.toContain('short')
  })

  it('takes several hosts of the database, and looks at each', () => {
    const DATABASE_URL = 'postgres://u:p@a:5432,b:5433/harbor?target_session_attrs=read-write'
    expect(readEnvironment({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL)
    for (const wrong of ['postgres://a:5432,b:x/harbor', 'mysql://a,b/harbor', 'postgres://a, b/harbor'])
      expect(problemsOf({ DATABASE_URL: wrong })).toHaveLength(1)
    expect(problemsOf({ DATABASE_REPLICA_URL: DATABASE_URL })).toHaveLength(1)
  })

  it('takes an instance’s name that nginx can tell from the rest of a session’s', () => {
    expect(readEnvironment({ HARBOR_INSTANCE: 'harbor-2' }).instance).toBe('harbor-2')
    for (const HARBOR_INSTANCE of ['a.b', 'a b', 'x'.repeat(33)])
      expect(problemsOf({ HARBOR_INSTANCE })).toHaveLength(1)
  })

  it.each(['-1', '3000x', '1e3', ' 3000', '99999'])('takes no port %j', (PORT) => {
    expect(problemsOf({ PORT })).toHaveLength(1)
  })

  it('counts the bytes of the secret, and wants one in production', () => {
    expect(problemsOf({ HARBOR_SECRET: 'é'.repeat(16) })).toEqual([])
    expect(problemsOf({ NODE_ENV: 'production' })).toHaveLength(1)
    expect(problemsOf({ NODE_ENV: 'production', HARBOR_SECRET: 'x'.repeat(32) })).toEqual([])
  })

  it('has all layers of security, or the named ones, or none', () => {
    const layersOf = (HARBOR_SECURITY: string) => [...readEnvironment({ HARBOR_SECURITY }).security.layers]
    expect(layersOf('')).toEqual(['log', 'anomaly', 'ratelimit', 'reputation', 'alerts'])
    expect(layersOf('ratelimit, log')).toEqual(['log', 'ratelimit'])
    expect(layersOf('none')).toEqual([])
    expect(problemsOf({ HARBOR_SECURITY: 'log,firewall' })[0]).toContain('"firewall"')
  })

  it('has one limit for all, or one for strangers and one for users', () => {
    const limitOf = (HARBOR_RATE_LIMIT: string) => readEnvironment({ HARBOR_RATE_LIMIT }).security.rateLimit
    expect(limitOf('')).toEqual({ anonymous: 100, signedIn: 1000 })
    expect(limitOf('600')).toEqual({ anonymous: 600, signedIn: 600 })
    expect(limitOf('10,20')).toEqual({ anonymous: 10, signedIn: 20 })
    for (const HARBOR_RATE_LIMIT of ['0', '-1', 'x', '1,2,3', '1,0', '1.5']) {
      expect(problemsOf({ HARBOR_RATE_LIMIT })).toHaveLength(1)
    }
  })

  it.each([
    ['REDIS_URL', 'http://x', 'redis://:hunter2@host:6379/0'],
    ['SMTP_URL', 'mail://hunter2', 'smtps://user:hunter2@host'],
    ['ALERT_WEBHOOK_URL', 'hunter2', 'https://host/hunter2'],
    ['HARBOR_TRUST_PROXY', '10.0.0.0/33', '10.0.0.0/8, ::1, 2001:db8::/32'],
    ['HARBOR_ORIGINS', 'https://a.example/', 'https://a.example,http://localhost:5173'],
    ['HARBOR_DEFECTS', 'no-such-defect', ''],
  ])('takes no %s %j', (name, wrong, right) => {
    const problems = problemsOf({ [name]: wrong })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(name)
    expect(problems[0]).not.toContain('hunter2')
    expect(problemsOf({ [name]: right })).toEqual([])
  })
})
