import { expect, test } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis } from '../../base/units.ts'
import type { SocketOwner } from './socket-owner.ts'
import { UserSocket } from './user-socket.ts'

class Bare extends UserSocket<never> {
  drop(): void {}
  takeTraffic() {
    return { sent: 0, received: 0 }
  }
  protected disconnect(): void {}
}

test('the request after a cut was timed from before the time away', async () => {
  let due = millis(0)
  const owner = {
    context: { clock: new FakeClock(), openSockets: new Set() },
    takeDue: () => {
      const taken = due
      due = millis(0)
      return taken
    },
    attach: () => {},
  }
  const socket = new Bare(owner as unknown as SocketOwner, 'ws', '/')
  due = millis(1000)
  await socket.cut({ offline: '2s' })
  expect(owner.takeDue()).toBe(0)
})
