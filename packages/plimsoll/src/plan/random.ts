import type { Random } from './user.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const hex = '0123456789abcdef'

/** Methods are shared by all generators: ten thousand users cost ten thousand small closures, not sixty thousand. */
const methods = {
  integer(this: Random, min: number, max: number): number {
    if (!(max >= min)) throw new RangeError(`random.integer(${min}, ${max}): the first must not exceed the second`)
    const low = Math.ceil(min)
    const span = Math.floor(max) - low + 1
    const fine = span > 2 ** 32 ? this() + this() / 2 ** 32 : this()
    return low + Math.floor(fine * span)
  },
  pick<T>(this: Random, items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('random.pick([]): there is nothing to pick from')
    return items[Math.floor(this() * items.length)] as T
  },
  chance(this: Random, probability: number): boolean {
    return this() < probability
  },
  string(this: Random, length: number): string {
    let text = ''
    for (let i = 0; i < length; i++) text += letters[Math.floor(this() * letters.length)]
    return text
  },
  uuid(this: Random): string {
    let text = ''
    for (let i = 0; i < 32; i++) {
      if (i === 8 || i === 12 || i === 16 || i === 20) text += '-'
      const digit = i === 12 ? 4 : i === 16 ? 8 + Math.floor(this() * 4) : Math.floor(this() * 16)
      text += hex[digit]
    }
    return text
  },
}
Object.setPrototypeOf(methods, Function.prototype)

/**
 * Random numbers that depend on nothing but the seed and the path: `createRandom(seed, 'user', 17)` gives user 17 the
 * same numbers in every run, on every worker. Not for secrets.
 *
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), its state spread from seed and path by the finalizer of
 * splitmix32, the first 15 numbers thrown away as its author advises.
 */
export function createRandom(seed: number, ...path: readonly (string | number)[]): Random {
  let [a, b, c, counter] = spread([seed, ...path])
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 15; i++) next()
  return Object.setPrototypeOf(next, methods) as Random
}

type State = [a: number, b: number, c: number, counter: number]

function spread(parts: readonly (string | number)[]): State {
  const state: State = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667]
  const absorb = (word: number) => {
    for (let lane = 0; lane < 4; lane++) state[lane] = mix((state[lane] as number) ^ word ^ Math.imul(lane, 0x85ebca6b))
  }
  for (const part of parts) {
    if (typeof part === 'number') {
      absorb(part | 0)
      absorb(Math.trunc(part / 2 ** 32) | 0)
    } else {
      for (let i = 0; i < part.length; i++) absorb(part.charCodeAt(i))
    }
    // without an end mark, ('ab', 'c') and ('a', 'bc') would be one path
    absorb(typeof part === 'number' ? -1 : -2)
  }
  return state
}

/** The finalizer of splitmix32 (Guy Steele et al., "Fast splittable pseudorandom number generators", 2014). */
function mix(value: number): number {
  let x = (value + 0x9e3779b9) | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return x ^ (x >>> 15)
}
