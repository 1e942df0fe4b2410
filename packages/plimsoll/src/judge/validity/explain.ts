import type { Explanation, ValidityFlag } from '../verdict.ts'

/** From what holds a generator up to what shows that it was held up. */
const causes: readonly ValidityFlag['id'][] = ['V3', 'V8', 'V2', 'V9', 'V1', 'V7']
const own: ReadonlySet<ValidityFlag['id']> = new Set(['V5', 'conservation', 'workers'])

/** What the flags of an invalid run come to for somebody who sees one for the first time, and what to do about it. */
export function explain(flags: readonly ValidityFlag[]): Explanation {
  const grave = flags.filter(({ severity }) => severity === 'invalid')
  const broken = grave.filter(({ id }) => own.has(id))
  if (broken.length > 0) {
    return {
      meaning:
        'This says nothing about the system, which may be fine. Some of what happened was not counted rightly, so no figure of this run can be relied on, and limits that it met or missed do not count.',
      next: advices(broken),
    }
  }
  const cause = causes.flatMap((id) => grave.filter((flag) => flag.id === id))
  if (cause.length > 0) {
    return {
      meaning:
        'This says nothing about the system, which may be fine. The generator was disturbed, so the times of this run may be partly its own, and limits that they met or missed do not count.',
      next: [...advices(cause.slice(0, 1)), AGAIN],
    }
  }
  return {
    meaning:
      'The generator kept up. The system did not settle: its times changed while the load did not, so a run twice as long would print other figures, and limits that these met do not count.',
    next: advices(grave),
  }
}

const AGAIN =
  'Run it again: one hiccup of the machine can spoil a short run. `plimsoll doctor` says whether the machine is fit to generate load, and `--scale 0.5` asks for half of it.'

const advices = (flags: readonly ValidityFlag[]): string[] => [...new Set(flags.map(({ advice }) => advice))]
