import { validatePlan } from '../api/validate.ts'
import { exitCodes } from '../base/errors.ts'

/** `plimsoll validate PLAN`: says what the plan would do. @throws {PlimsollError} with every problem */
export async function validateCommand(path: string): Promise<number> {
  const plan = await validatePlan(path)
  const lines = [
    `${plan.name} is a valid plan for ${plan.url}`,
    `  journeys    ${plan.journeys.join(', ')}`,
    ...plan.profiles.map(({ name, load, duration }) => `  ${name.padEnd(12)}${load}, ${duration}`),
    `  thresholds  ${plan.thresholds}`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return exitCodes.met
}
