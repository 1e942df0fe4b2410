import { fileURLToPath } from 'node:url'
import { demoPlan } from '../api/entries.ts'
import type { RunFlags } from './flags.ts'
import { runCommand } from './run.ts'

/** `plimsoll demo`: the plan that the package brings, against the small service that it brings. */
export const demoCommand = (flags: RunFlags): Promise<number> => runCommand(fileURLToPath(demoPlan), flags)
