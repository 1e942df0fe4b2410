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
      HARBOR_SECRET: 'short',
      LOG_LEVEL: 'loud',
      HARBOR_DB_CONNECTIONS: '1',
    })
    const named = problems.map((problem) => problem.split(' ', 1)[0]).sort()
    expect(named).toEqual(['DATABASE_URL', 'HARBOR_DB_CONNECTIONS', 'HARBOR_SECRET', 'LOG_LEVEL', 'PORT'])
    expect(problems.join('\n')).not.toContain('hunter2')
    expect(problems.join('\n')).not.toContain('short')
  })

  it.each(['-1', '3000x', '1e3', ' 3000', '99999'])('takes no port %j', (PORT) => {
    expect(problemsOf({ PORT })).toHaveLength(1)
  })

  it('counts the bytes of the secret, and wants one in production', () => {
    expect(problemsOf({ HARBOR_SECRET: 'é'.repeat(16) })).toEqual([])
    expect(problemsOf({ NODE_ENV: 'production' })).toHaveLength(1)
    expect(problemsOf({ NODE_ENV: 'production', HARBOR_SECRET: 'x'.repeat(32) })).toEqual([])
  })
})
