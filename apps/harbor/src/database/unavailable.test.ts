import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { NoPrimary, NotPrimary } from './primary.ts'
import { isUnavailable } from './unavailable.ts'

function sqlState(code: string): Error {
  return Object.assign(new pg.DatabaseError('x', 1, 'error'), { code })
}

describe('isUnavailable', () => {
  it.each(['57P01', '57P03', '53300', '53100', '08006', '57014', '40P01', '25006'])(
    'is true for SQLSTATE %s',
    (code) => {
      expect(isUnavailable(sqlState(code))).toBe(true)
    },
  )

  it.each(['23505', '22021', '42P01', '42501'])('is false for SQLSTATE %s', (code) => {
    expect(isUnavailable(sqlState(code))).toBe(false)
  })

  it.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('is true for "%s"', (message) => {
    expect(isUnavailable(new Error(message))).toBe(true)
  })

  it('is true for a refused connection, also when several addresses were tried', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
    expect(isUnavailable(refused)).toBe(true)
    expect(isUnavailable(new AggregateError([refused]))).toBe(true)
  })

  it('is true where no host is a primary, whatever else is wrong with the others', () => {
    const standby = new NotPrimary({ host: 'a', port: 5432 }, 'is a standby, or read-only')
    expect(isUnavailable(new NoPrimary([sqlState('28P01'), standby]))).toBe(true)
    expect(isUnavailable(new NoPrimary([sqlState('28P01')]))).toBe(false)
  })

  it('is false for mistakes', () => {
    expect(isUnavailable(new TypeError('x is not a function'))).toBe(false)
    expect(isUnavailable('text')).toBe(false)
  })
})
