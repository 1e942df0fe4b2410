/** What was found where a threshold looks, in the threshold's unit. */
export type Reading =
  | {
      readonly found: true
      readonly actual: number
      /** True when the value is a lower bound. */
      readonly atLeast?: boolean
      /** True for a quantile that fewer than ten samples lie beyond. */
      readonly isRough?: boolean
      /** 95 % interval. */
      readonly interval?: readonly [low: number, high: number] | undefined
      readonly samples: number
      readonly note?: string | undefined
    }
  | { readonly found: false; readonly note: string }

export const nothing = (note: string): Reading => ({ found: false, note })

const digits = new Intl.NumberFormat('en-US')

/** `3,688` */
export const grouped = (value: number): string => digits.format(value)
