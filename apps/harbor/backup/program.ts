import { EnvironmentError } from '../src/environment.ts'

/** Runs a command of one answer: what it resolves to is its exit code, what it throws is a sentence on stderr and code 1. */
export async function runProgram(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    process.exitCode = 1
    if (error instanceof EnvironmentError) console.error([error.message, ...error.problems].join('\n  '))
    else console.error(error instanceof Error ? error.message : String(error))
  }
}

export function table(rows: readonly (readonly [name: string, count: number])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, count]) => `  ${name.padEnd(width)}  ${count.toLocaleString('en')}`).join('\n')
}
