import type { ThresholdResult } from '../../judge/verdict.ts'
import type { DeliveryRow } from '../delivery-rows.ts'
import { formatActual, formatLimit } from '../format.ts'
import type { ReportModel } from '../model.ts'

/**
 * JUnit XML, in the shape that CI servers read (testsuites, testsuite, testcase with failure, error or skipped): a case
 * for each threshold, and one for the measurement itself. No data is a failure: it is no pass.
 */
export function renderJunit(model: ReportModel): string {
  const cases = [
    ...model.thresholds.toSorted((a, b) => a.subject.localeCompare(b.subject)).map((one) => thresholdCase(model, one)),
    measurementCase(model),
    ...runCase(model),
  ]
  const { plan, profile, startedAt, duration } = model.run
  const counts = {
    tests: cases.length,
    failures: cases.filter(({ kind }) => kind === 'failure').length,
    errors: cases.filter(({ kind }) => kind === 'error').length,
    skipped: cases.filter(({ kind }) => kind === 'skipped').length,
    time: (duration / 1000).toFixed(3),
  }
  const suite = {
    name: `${plan} ${profile}`,
    ...counts,
    timestamp: startedAt.replace(/(\.\d+)?Z$/, ''),
    hostname: model.machine.hostname,
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'plimsoll', ...counts })}>`,
    `  <testsuite${attributes(suite)}>`,
    ...cases.map(({ xml }) => xml),
    `    <system-out>${escapeXml(systemOut(model))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

interface Case {
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped'
  readonly xml: string
}

function thresholdCase(model: ReportModel, threshold: ThresholdResult): Case {
  const { subject, metric, verdict, note } = threshold
  const limit = formatLimit(threshold)
  const found = formatActual(threshold)
  const message = `${subject} ${metric}: ${found}, limit ${limit}${note === undefined ? '' : ` (${note})`}`
  const name = `${metric} ${limit}`
  const className = `${model.run.plan}.${model.run.profile}.${subject}`
  if (verdict === 'met') return testCase('passed', name, className)
  if (verdict === 'not judged') return testCase('skipped', name, className, { message: note ?? 'not judged' })
  return testCase('failure', name, className, { message, type: verdict })
}

function measurementCase({ run, generator, explanation }: ReportModel): Case {
  const text = generator.flags.map(({ id, severity, reason, advice }) => `${id} ${severity}: ${reason}. ${advice}`)
  if (explanation !== undefined) text.unshift(explanation.meaning)
  const className = `${run.plan}.${run.profile}.measurement`
  if (generator.state !== 'invalid') return testCase('passed', 'the measurement is valid', className)
  const message = generator.flags.find(({ severity }) => severity === 'invalid')?.reason ?? 'it doubts itself'
  return testCase('error', 'the measurement is valid', className, { message, type: 'invalid' }, text.join('\n'))
}

/** Only for a run that did not come to its end. */
function runCase(model: ReportModel): Case[] {
  if (model.outcome !== 'error' && model.outcome !== 'interrupted') return []
  const className = `${model.run.plan}.${model.run.profile}.run`
  return [testCase('error', 'the run came to its end', className, { message: model.headline, type: model.outcome })]
}

function testCase(
  kind: Case['kind'],
  name: string,
  className: string,
  about: Readonly<Record<string, string>> = {},
  text = about['message'] ?? '',
): Case {
  const open = `    <testcase${attributes({ name, classname: className, time: '0' })}`
  if (kind === 'passed') return { kind, xml: `${open}/>` }
  return { kind, xml: `${open}>\n      <${kind}${attributes(about)}>${escapeXml(text)}</${kind}>\n    </testcase>` }
}

function systemOut(model: ReportModel): string {
  return [
    model.headline,
    ...model.notes,
    ...model.deliveries.map(deliveryText),
    ...model.findings.map(({ title, recommendation }) => `${title}: ${recommendation}`),
  ].join('\n')
}

const deliveryText = ({
  event,
  expected,
  received,
  late,
  lost,
  duplicated,
  outOfOrder,
  foreign,
}: DeliveryRow): string =>
  `${event}: ${expected} expected, ${received} received, ${late} late, ${lost} lost, ${duplicated} duplicated, ${outOfOrder} out of order, ${foreign} foreign`

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value)).replaceAll(/[\n\r\t]/g, ' ')}"`)
    .join('')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 cannot hold most control characters at all (§2.2), not even escaped. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
