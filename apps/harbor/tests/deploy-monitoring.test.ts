import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parser } from '@prometheus-io/lezer-promql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Instance, startInstance } from './support/instance.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

const folder = fileURLToPath(new URL('../deploy/', import.meta.url))
const promtool = (...args: string[]) => promisify(execFile)('promtool', args, { cwd: `${folder}prometheus` })

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[]
}

const dashboard = JSON.parse(await readFile(`${folder}grafana/dashboards/harbor.json`, 'utf8')) as {
  readonly panels: readonly Panel[]
}
const rules = (
  parse(await readFile(`${folder}prometheus/rules.yml`, 'utf8')) as {
    groups: readonly { rules: readonly { record?: string; alert?: string; expr: string }[] }[]
  }
).groups.flatMap((group) => group.rules)

/** The metrics that an expression names. */
function metricsOf(expression: string): readonly string[] {
  // What Grafana fills in.
  const filled = expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', 'a')
  const names: string[] = []
  parser.parse(filled).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`)
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(filled.slice(from, to))
    },
  })
  return names
}

describe('promtool', () => {
  it('takes the rules and the configuration', async () => {
    expect((await promtool('check', 'rules', 'rules.yml')).stdout).toContain('SUCCESS')
    expect((await promtool('check', 'config', 'prometheus.yml')).stdout).toContain('SUCCESS')
  })

  it('sees each alert fire above its threshold, and none below', async () => {
    expect((await promtool('test', 'rules', 'rules.test.yml')).stdout).toContain('SUCCESS')
    const tests = await readFile(`${folder}prometheus/rules.test.yml`, 'utf8')
    const alerts = rules.flatMap(({ alert = [] }) => alert)
    expect(alerts.length).toBeGreaterThan(10)
    expect(alerts.filter((alert) => !tests.includes(alert))).toEqual([])
  })
})

describe('what rules and dashboard read', () => {
  let postgres: TestPostgres
  let harbor: Instance
  let exposed: ReadonlySet<string>
  beforeAll(async () => {
    postgres = await startTestPostgres()
    harbor = await startInstance(await postgres.database())
    const text = await (await fetch(`${harbor.url}/metrics`)).text()
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
    exposed = new Set(
      types.flatMap(([, name = '', type]) => {
        if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`]
        return type === 'summary' ? [name, `${name}_sum`, `${name}_count`] : [name]
      }),
    )
  })
  afterAll(async () => {
    await harbor.close()
    await postgres.stop()
  })

  /** Prometheus's own. */
  const given = new Set(['up', 'ALERTS'])

  it('is exposed by a running instance: the rules', () => {
    const recorded = new Set(rules.flatMap(({ record = [] }) => record))
    const read = rules.flatMap(({ expr }) => metricsOf(expr))
    expect(new Set(read).size).toBeGreaterThan(12)
    expect(read.filter((name) => !exposed.has(name) && !recorded.has(name) && !given.has(name))).toEqual([])
  })

  it('is exposed by a running instance: the dashboard', () => {
    const read = dashboard.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsOf(expr)))
    expect(new Set(read).size).toBeGreaterThan(15)
    expect(read.filter((name) => !exposed.has(name) && !given.has(name))).toEqual([])
  })
})

describe('the dashboard', () => {
  it('has all panels of seed 003, none over another, of the data source that is provisioned', async () => {
    const titles = dashboard.panels.map(({ title }) => title)
    expect(titles).toEqual(
      expect.arrayContaining([
        'Request rate',
        'Response time',
        'Error rate',
        'CPU',
        'Memory',
        'Hit rate',
        'Statements',
      ]),
    )
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    const taken = new Set<string>()
    for (const { title, gridPos } of dashboard.panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`), `${title} lies over another panel`).toBe(false)
          taken.add(`${x} ${y}`)
        }
      }
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
    }
    const sources = parse(await readFile(`${folder}grafana/provisioning/datasources/prometheus.yml`, 'utf8'))
    const used = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid))
    expect(new Set(used)).toEqual(new Set([sources.datasources[0].uid]))
  })
})
