// Prints what tests reach, a line for each folder of a package: one for each file would be five hundred.
const { relative, resolve } = require('node:path')

const root = resolve(__dirname, '..')
const kinds = ['statements', 'branches', 'functions', 'lines']
const nothing = () => kinds.map(() => ({ covered: 0, total: 0 }))

/** `packages/plimsoll/src/judge` of a file anywhere below it; `packages/plimsoll/src` of one right in it. */
const folderOf = (file) => relative(root, file).split(/[\\/]/).slice(0, -1).slice(0, 4).join('/')

const percent = ({ covered, total }) => (total === 0 ? '–' : ((covered / total) * 100).toFixed(1)).padStart(11)

module.exports = class CoverageByFolder {
  execute(context) {
    const folders = new Map()
    const all = nothing()
    context.getTree('flat').visit({
      onDetail(node) {
        const folder = folderOf(node.getFileCoverage().path)
        if (!folders.has(folder)) folders.set(folder, nothing())
        const summary = node.getCoverageSummary()
        kinds.forEach((kind, index) => {
          for (const sum of [folders.get(folder)[index], all[index]]) {
            sum.covered += summary[kind].covered
            sum.total += summary[kind].total
          }
        })
      },
    })
    const rows = [...folders].sort(([a], [b]) => (a < b ? -1 : 1))
    const width = Math.max(...rows.map(([folder]) => folder.length))
    const line = (name, cells) => console.log(name.padEnd(width) + cells.join(''))
    line(
      '% reached',
      kinds.map((kind) => kind.padStart(11)),
    )
    for (const [folder, sums] of rows) line(folder, sums.map(percent))
    line('all', all.map(percent))
  }
}
