import { Type } from 'typebox'
import { expect, it } from 'vitest'
import { socketEvent } from './socket-event.ts'

const shape = Type.Object(
  { room: Type.String({ minLength: 1 }), at: Type.Optional(Type.Integer()) },
  { additionalProperties: false },
)
const event = socketEvent(shape, async () => {})

it('takes what fits, as it is', () => {
  expect(event.isValid({ room: 'a', at: 1 })).toBe(true)
  expect(event.isValid({ room: 'a', at: '1' })).toBe(false)
})

it.each([
  [{ room: 'a', admin: true }, 'The field admin is not known.'],
  [{ room: '' }, 'The payload.room must NOT have fewer than 1 characters.'],
  [{}, "The payload must have required property 'room'."],
  [null, 'The payload must be object.'],
])('says what is wrong with %j', (payload, problem) => {
  expect(event.isValid(payload)).toBe(false)
  expect(event.problem()).toBe(problem)
})
