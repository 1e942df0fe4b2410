import { fileURLToPath } from 'node:url'

/** The bundle lies in benchmarks/dist/. */
const benchmarks = new URL('../', import.meta.url)

/** A path inside benchmarks/. */
export const inBenchmarks = (path: string): string => fileURLToPath(new URL(path, benchmarks))

export const plimsollCli = fileURLToPath(new URL('../packages/plimsoll/dist/cli.js', benchmarks))
