import { type TextOp, type as text } from 'ot-text-unicode'
import { isStorableText } from '../http/validation.ts'

/**
 * An operation on a text, from its beginning to its end: a number keeps so many code points, a string is inserted, and
 * `{ d: n }` deletes n code points. What follows the last component is kept.
 */
export type Operation = TextOp

/** In UTF-16 code units. */
const muchText = 2_000

/** How many code points an operation needs, and by how many it changes a text's length. */
export interface Reach {
  readonly needs: number
  readonly grows: number
}

/** Undefined for what is no operation, or holds text that cannot be stored. */
export function readOperation(value: unknown): Operation | undefined {
  if (!Array.isArray(value)) return undefined
  const components: Operation = []
  for (const component of value as readonly unknown[]) {
    if (typeof component === 'string') {
      if (component === '' || !isStorableText(component)) return undefined
      components.push(component)
    } else if (isCount(component)) components.push(component)
    else {
      if (typeof component !== 'object' || component === null || Object.keys(component).join() !== 'd') return undefined
      const { d } = component as { d: unknown }
      if (!isCount(d)) return undefined
      components.push({ d })
    }
  }
  return text.normalize(components)
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0

export function reachOf(operation: Operation): Reach {
  let needs = 0
  let grows = 0
  for (const component of operation) {
    if (typeof component === 'number') needs += component
    else if (typeof component === 'string') grows += codePoints(component)
    else {
      needs += Number(component.d)
      grows -= Number(component.d)
    }
  }
  return { needs, grows }
}

/** `operation`, as it applies after `earlier`, which was made at the same time and comes first where both insert. */
export const after = (operation: Operation, earlier: Operation): Operation =>
  text.transform(operation, earlier, 'right')

/** `operation`, as it applies after `later`, which was made at the same time and comes second where both insert. */
export const before = (operation: Operation, later: Operation): Operation => text.transform(operation, later, 'left')

/** One operation that does what all do, one after the other. Halves first, so that none is gone through too often. */
export function compose(operations: readonly Operation[]): Operation {
  if (operations.length <= 1) return operations[0] ?? []
  const middle = operations.length >> 1
  return text.compose(compose(operations.slice(0, middle)), compose(operations.slice(middle)))
}

export const apply = (content: string, operation: Operation): string => text.apply(content, operation)

/**
 * A text after all operations, one after the other. Composing is quicker than applying each, but counts the characters of an
 * insertion again for every operation that changes something in it: long ones are applied by themselves.
 */
export function applyAll(content: string, operations: readonly Operation[]): string {
  let current = content
  let from = 0
  for (const [index, operation] of operations.entries()) {
    if (!insertsMuch(operation)) continue
    current = apply(apply(current, compose(operations.slice(from, index))), operation)
    from = index + 1
  }
  return apply(current, compose(operations.slice(from)))
}

const insertsMuch = (operation: Operation): boolean =>
  operation.some((component) => typeof component === 'string' && component.length > muchText)

function codePoints(value: string): number {
  let count = 0
  for (const _ of value) count += 1
  return count
}
