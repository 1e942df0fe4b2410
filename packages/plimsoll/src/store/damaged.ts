import { PlimsollError } from '../base/errors.ts'

export const damaged = (file: string, line: number, reason: string): PlimsollError =>
  new PlimsollError('RUN_UNREADABLE', `${file} is damaged at line ${line}: ${reason}`, {
    hint: 'The file was changed or cut after it was written. Take a copy of the run’s folder, or run the plan again.',
  })
