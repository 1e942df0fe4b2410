#!/usr/bin/env node
import { reportError } from './report-error.ts'
import { createProgram } from './program.ts'

try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = reportError(error, process.stderr)
}
