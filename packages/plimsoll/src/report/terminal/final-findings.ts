import type { ReportModel } from '../model.ts'
import type { Page } from './page.ts'

/** Named causes: what, why we think so, what to change. */
export function findingLines({ findings }: ReportModel, page: Page): string[] {
  const { bold, dim } = page.style.colors
  return findings.flatMap(({ title, evidence, recommendation }) => [
    ...page.paragraph(title, { paint: bold }),
    ...evidence.flatMap((one) => page.paragraph(one, { first: '  · ', paint: dim })),
    ...page.paragraph(recommendation, { first: '  → ' }),
  ])
}
