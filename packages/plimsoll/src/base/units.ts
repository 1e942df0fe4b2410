declare const unit: unique symbol

/** A number with a unit. Arithmetic erases the unit, so conversions and divisions live in this file only. */
export type Quantity<U extends string> = number & { readonly [unit]: U }

/** A duration, or an instant of the monotonic clock, in milliseconds with a fractional part. */
export type Millis = Quantity<'ms'>
/** A duration in whole microseconds: what histograms record. */
export type Micros = Quantity<'us'>
/** Events per second. */
export type PerSecond = Quantity<'1/s'>
export type Bytes = Quantity<'B'>
/** A share of a whole, 0 to 1. */
export type Ratio = Quantity<'ratio'>

export const millis = (value: number): Millis => value as Millis
export const micros = (value: number): Micros => value as Micros
export const perSecond = (value: number): PerSecond => value as PerSecond
export const bytes = (value: number): Bytes => value as Bytes
export const ratio = (value: number): Ratio => value as Ratio

export const seconds = (value: number): Millis => (value * 1000) as Millis
export const minutes = (value: number): Millis => (value * 60_000) as Millis

export const add = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a + b) as Quantity<U>
export const subtract = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a - b) as Quantity<U>
export const scale = <U extends string>(a: Quantity<U>, factor: number): Quantity<U> => (a * factor) as Quantity<U>
export const shortest = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a < b ? a : b)

/** Rounds to the nearest whole microsecond; negative durations (clock steps) become 0. */
export const toMicros = (value: Millis): Micros => (value <= 0 ? 0 : Math.round(value * 1000)) as Micros
export const toMillis = (value: Micros): Millis => (value / 1000) as Millis
export const toSeconds = (value: Millis): number => value / 1000

/** The rate of a count over a duration; 0 for an empty duration. */
export const rateOf = (count: number, duration: Millis): PerSecond =>
  (duration > 0 ? (count * 1000) / duration : 0) as PerSecond
/** A part of a whole; undefined when there is no whole, because no data is not zero. */
export const share = (part: number, whole: number): Ratio | undefined =>
  whole > 0 ? ((part / whole) as Ratio) : undefined
