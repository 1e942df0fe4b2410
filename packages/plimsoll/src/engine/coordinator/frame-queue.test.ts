import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameQueue } from './frame-queue.ts'
import { frameOf } from './made-up-frame.ts'

const drain = (queue: FrameQueue) => {
  const taken = []
  for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next)
  return taken
}

describe('FrameQueue', () => {
  it('hands out an index when every worker has sent its frame', () => {
    const queue = new FrameQueue(2, 3)
    queue.add(frameOf(0, 0))
    expect(drain(queue)).toEqual([])
    queue.add(frameOf(1, 0))
    expect(drain(queue).map(({ index, frames }) => [index, frames.length])).toEqual([[0, 2]])
  })

  it('names a worker that fell behind and goes on without it', () => {
    const queue = new FrameQueue(2, 3)
    for (let index = 0; index < 4; index++) queue.add(frameOf(0, index))
    const [first] = drain(queue)
    expect(first).toMatchObject({ index: 0, missing: [1] })
  })

  it('does not wait for workers that have finished', () => {
    const queue = new FrameQueue(2, 3)
    queue.add(frameOf(1, 0))
    queue.finished(0)
    expect(drain(queue)).toMatchObject([{ index: 0, missing: [] }])
  })

  it('loses no frame and repeats no index, whatever order they come in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
        (workers, seconds, order) => {
          const queue = new FrameQueue(workers, 3)
          const waiting = Array.from({ length: workers }, (_, worker) =>
            Array.from({ length: seconds }, (_, index) => frameOf(worker, index)),
          )
          const taken = []
          for (const pick of order) {
            const open = waiting.filter((frames) => frames.length > 0)
            const frame = open[pick % Math.max(1, open.length)]?.shift()
            if (frame === undefined) break
            queue.add(frame)
            taken.push(...drain(queue))
          }
          for (let worker = 0; worker < workers; worker++) queue.finished(worker)
          taken.push(...drain(queue))
          expect(taken.flatMap(({ frames }) => frames)).toHaveLength(workers * seconds)
          expect(taken.map(({ index }) => index)).toEqual(taken.map((_, i) => i))
        },
      ),
    )
  })
})
