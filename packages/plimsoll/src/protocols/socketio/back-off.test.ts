import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { millis } from '../../base/units.ts'
import { backOff } from './back-off.ts'

const official = { delay: millis(1000), maxDelay: millis(5000), jitter: 0.5, attempts: Number.POSITIVE_INFINITY }

interface OfficialBackoff {
  duration(): number
}

/** The official client's own class, which it does not export. */
const require = createRequire(import.meta.url)
const { Backoff } = require(join(dirname(require.resolve('socket.io-client')), 'contrib/backo2.js')) as {
  Backoff: new (options: object) => OfficialBackoff
}

afterEach(() => vi.restoreAllMocks())

describe('the back-off', () => {
  it('is the official client’s, attempt by attempt, for the same random numbers', () => {
    for (const drawn of [0, 0.09, 0.1, 0.19, 0.33, 0.5, 0.77, 0.9, 0.999]) {
      vi.spyOn(Math, 'random').mockReturnValue(drawn)
      const theirs = new Backoff({ min: 1000, max: 5000, jitter: 0.5 })
      for (let attempt = 0; attempt < 12; attempt++) {
        expect(backOff(official, attempt, () => drawn)).toBe(theirs.duration())
      }
    }
  })

  it('is never longer than the longest, however many attempts have failed', () => {
    expect(backOff({ ...official, jitter: 0 }, 5000, () => 0.1)).toBe(5000)
  })

  it('ends after the last attempt', () => {
    const settings = { ...official, jitter: 0, attempts: 2 }
    expect([0, 1, 2].map((attempt) => backOff(settings, attempt, () => 0))).toEqual([1000, 2000, undefined])
  })
})
