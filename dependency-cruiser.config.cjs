/**
 * The import ranks of docs/ARCHITECTURE.md. Anything that is not listed is forbidden, type imports included.
 * `types` of another folder may be imported by type only.
 */
const src = '^packages/plimsoll/src'

/** folder → folders it may import from (besides itself) */
const ranks = {
  base: [],
  plan: ['base'],
  measure: ['base'],
  protocols: ['base'],
  record: ['base', 'plan', 'measure'],
  engine: ['base', 'plan', 'measure', 'record', 'protocols'],
  probes: ['base', 'record'],
  store: ['base', 'measure', 'record'],
  judge: ['base', 'plan', 'measure', 'record'],
  report: ['base', 'measure', 'record', 'judge'],
  api: ['base', 'plan', 'measure', 'protocols', 'record', 'engine', 'probes', 'store', 'judge', 'report'],
  cli: ['base', 'api'],
}

/** [from, to]: allowed only as a type import */
const typeOnly = [
  ['record', 'plan'],
  ['judge', 'plan'],
  ['report', 'judge'],
]

/** tests may reach for any folder */
const notATest = '\\.(test|prop)\\.tsx?$'

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(ranks).map(([folder, allowed]) => ({
      name: `rank-of-${folder}`,
      severity: 'error',
      from: { path: `${src}/${folder}/`, pathNot: notATest },
      to: { path: `${src}/`, pathNot: [folder, ...allowed].map((name) => `${src}/${name}/`) },
    })),
    ...typeOnly.map(([from, to]) => ({
      name: `${from}-knows-only-types-of-${to}`,
      severity: 'error',
      from: { path: `${src}/${from}/`, pathNot: notATest },
      to: { path: `${src}/${to}/`, dependencyTypesNot: ['type-only'] },
    })),
    {
      name: 'dashboard-is-pure',
      comment: 'the web app reads record, measure, judge/thresholds and the verdict’s types only, and nothing of node',
      severity: 'error',
      from: { path: '^packages/dashboard/src', pathNot: notATest },
      to: {
        path: src,
        pathNot: [`${src}/(record|measure|base)/`, `${src}/judge/(thresholds/|verdict\\.ts$)`, `${src}/plan/`],
      },
    },
    {
      name: 'dashboard-without-node',
      severity: 'error',
      from: { path: '^packages/dashboard/src', pathNot: notATest },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-without-node',
      comment: 'these folders also run in the browser',
      severity: 'error',
      from: { path: `${src}/(measure|record|judge/thresholds)/`, pathNot: notATest },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'apps-and-plans-use-published-names',
      severity: 'error',
      from: { path: '^(apps|plans)/' },
      to: { path: '^packages/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'], conditionNames: ['import', 'types', 'node'] },
  },
}
