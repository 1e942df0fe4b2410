import type { Diagnosis } from './diagnosis.ts'
import type { MachineFiles } from './machine-files.ts'

interface Tool {
  readonly name: string
  readonly commands: readonly string[]
  /** Distributions also put it there without a link on the path. */
  readonly folders?: string
  readonly without: string
}

const tools: readonly Tool[] = [
  {
    name: 'postgres',
    commands: ['postgres', 'pg_ctl'],
    folders: '/usr/lib/postgresql',
    without: 'none here; the demo brings its own',
  },
  {
    name: 'chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    without: 'none here; only tests of the report need one (sudo apt-get install chromium)',
  },
]

/** Programs that Plimsoll uses when they are there. */
export const findTools = (files: MachineFiles): Promise<Diagnosis[]> =>
  Promise.all(
    tools.map(async (tool) => ({ name: tool.name, state: 'ok', found: (await locate(tool, files)) ?? tool.without })),
  )

async function locate({ commands, folders }: Tool, { ask, list }: MachineFiles): Promise<string | undefined> {
  for (const command of commands) {
    const path = await ask('sh', '-c', `command -v ${command}`)
    if (path !== undefined && path !== '') return path
  }
  const newest = folders === undefined ? undefined : list(folders).toSorted().at(-1)
  return newest === undefined ? undefined : `${folders}/${newest}/bin`
}
