import type { ReportModel } from '../model.ts'
import type { Page } from './page.ts'

/**
 * Named causes: what, why we think so, what to change. What the generator itself has to say about its own troubles stands
 * right above, and below in the verdict.
 */
export function findingLines({ findings }: ReportModel, page: Page): string[] {
  const { bold, dim } = page.style.colors
  const others = findings.filter(({ id }) => id !== 'generator-limited')
  return others.flatMap(({ title, evidence, recommendation }) => [
    ...page.paragraph(title, { paint: bold }),
    ...evidence.flatMap((one) => page.paragraph(one, { first: '  · ', paint: dim })),
    ...page.paragraph(recommendation, { first: '  → ' }),
  ])
}
