const factors: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

/** Reads `'64KB'` or a whole number of bytes; undefined when it is neither. */
export function parseSize(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  const [, number, unit] = typeof value === 'string' ? (/^(\d+(?:\.\d+)?)\s*([KMG]i?B|B)$/.exec(value) ?? []) : []
  return number === undefined ? undefined : Math.round(Number(number) * (factors[unit ?? ''] ?? Number.NaN))
}
