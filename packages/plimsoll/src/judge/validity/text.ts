/** Figures as the flags' sentences show them. */
export const ms = (value: number): string => `${Number(value.toPrecision(3))} ms`

export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`

const digits = new Intl.NumberFormat('en-US')
export const number = (value: number): string => digits.format(value)
