import { missingField } from '../../plan/compile/field.ts'
import type { OnMissing } from './declared.ts'

/** Says which field of a payload the plan looks for in vain, and what there is instead; once is enough to end the run. */
export function reportMissing(giveUp: (code: string, message: string) => void): OnMissing {
  let told = false
  return (where, field, payload) => {
    if (told) return
    told = true
    giveUp(
      'DELIVERY_FIELD',
      `${where}: the first message has no field '${missingField(field, payload)}'; it has ${fieldsOf(payload)}`,
    )
  }
}

function fieldsOf(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null)
    return `no fields: it is ${JSON.stringify(payload) ?? 'nothing'}`.slice(0, 200)
  const names = Object.keys(payload)
  return names.length === 0 ? 'none' : names.slice(0, 20).join(', ')
}
