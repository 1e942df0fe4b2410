import { expect, it } from 'vitest'
import { ReadGate } from './read-gate.ts'

function gate() {
  const told: string[] = []
  const made = new ReadGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
  return { made, told }
}

it('goes on when the last holder lets go, not the first', () => {
  const { made, told } = gate()
  const [full, slow] = [made.holder(), made.holder()]
  full.pause()
  slow.pause()
  slow.resume()
  expect(told).toEqual(['pause', 'pause'])
  full.resume()
  expect(told).toEqual(['pause', 'pause', 'resume'])
})

it('is not opened by one who did not hold it', () => {
  const { made, told } = gate()
  made.holder().resume()
  expect(told).toEqual([])
})

it('holds up a new connection for whom the old one was held up', () => {
  const { made, told } = gate()
  made.reopened()
  const full = made.holder()
  full.pause()
  made.reopened()
  full.resume()
  made.reopened()
  expect(told).toEqual(['pause', 'pause', 'resume'])
})
