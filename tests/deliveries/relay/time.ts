/** Microseconds of CLOCK_MONOTONIC, which all processes of a machine share. */
export const nowUs = (): number => Number(process.hrtime.bigint()) / 1000
