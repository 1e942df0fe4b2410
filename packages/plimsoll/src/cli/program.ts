import { Command, InvalidArgumentError, Option } from 'commander'
import { parseDurationText } from '../api/durations.ts'
import { version } from '../api/version.ts'
import { exitCodes } from '../base/errors.ts'
import type { Millis } from '../base/units.ts'
import type { ReportFlags, RunFlags } from './flags.ts'

/** The command line. Each command's code is loaded when it is called, so that starting a run stays quick. */
export function createProgram(): Command {
  const program = new Command('plimsoll')
    .description('How much load a real-time backend carries, what breaks first and why.')
    .version(version, '-v, --version')
    .showHelpAfterError('(plimsoll --help lists the commands)')
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? exitCodes.met : exitCodes.usage)
    })

  program
    .command('init')
    .description('write a typed plan for the service in this folder')
    .argument('[dir]', 'folder of the service', '.')
    .option('-y, --yes', 'ask nothing, take what was detected')
    .action(async (dir: string, options: { yes?: boolean }) => {
      const { initCommand } = await import('./init.ts')
      process.exitCode = await initCommand(dir, options)
    })

  addRunOptions(
    program
      .command('run')
      .description('start the system, drive the load, judge, report')
      .argument('<plan>', 'the plan file, wherever it lies'),
  ).action(async (plan: string, options: RunFlags) => {
    const { runCommand } = await import('./run.ts')
    process.exitCode = await runCommand(plan, options)
  })

  addRunOptions(program.command('demo').description('load-test a small service that comes with the package')).action(
    async (options: RunFlags) => {
      const { demoCommand } = await import('./demo.ts')
      process.exitCode = await demoCommand(options)
    },
  )

  program
    .command('validate')
    .description('check a plan without running it; every problem at once')
    .argument('<plan>', 'the plan file')
    .action(async (plan: string) => {
      const { validateCommand } = await import('./validate.ts')
      process.exitCode = await validateCommand(plan)
    })

  program
    .command('report')
    .description('make the reports of a stored run again')
    .argument('[run]', "a run's folder, its name or the beginning of it, or `latest`", 'latest')
    .addOption(outOption())
    .option('--json <file>', 'write result.json to this file; - for standard output')
    .option('--junit <file>', 'write JUnit XML')
    .option('--markdown <file>', 'write Markdown')
    .option('--html <file>', 'write the HTML report there, besides the one in the folder')
    .option('-q, --quiet', 'print nothing but errors')
    .action(async (run: string, options: ReportFlags) => {
      const { reportCommand } = await import('./report.ts')
      process.exitCode = await reportCommand(run, options)
    })

  program
    .command('runs')
    .description('list the stored runs')
    .addOption(outOption())
    .action(async (options: { out?: string }) => {
      const { runsCommand } = await import('./runs.ts')
      process.exitCode = await runsCommand(options)
    })

  program
    .command('doctor')
    .description('look at this machine: is it fit to generate load, and what to change')
    .action(async () => {
      const { doctorCommand } = await import('./doctor.ts')
      process.exitCode = await doctorCommand()
    })

  return program
}

const outOption = () => new Option('--out <dir>', 'where run folders are kept').default('.plimsoll/runs')

function addRunOptions(command: Command): Command {
  return command
    .option('-p, --profile <name>', "which load; default `smoke`, or the plan's first")
    .option('--url <url>', "where the system listens, instead of the plan's url")
    .option('--workers <n>', 'worker threads; default one less than the cores', wholeNumber)
    .option('--duration <time>', 'the whole load lasts this long: 30s, 5m', duration)
    .option('--scale <factor>', 'this part of the users and of the time: 0.1', positiveNumber)
    .addOption(outOption())
    .option('--json <file>', 'write result.json there too; - for standard output')
    .option('--junit <file>', 'write JUnit XML')
    .option('--markdown <file>', 'write Markdown')
    .option('--html <file>', 'write the HTML report there, besides the one in the folder')
    .option('-q, --quiet', 'print nothing but errors')
    .option('--no-start', 'do not start the system: it runs already')
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 256)
    throw new InvalidArgumentError('A whole number from 1 to 256.')
  return value
}

function positiveNumber(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('A number above 0, such as 0.1.')
  return value
}

function duration(text: string): Millis {
  const value = parseDurationText(text)
  if (value === undefined || value === 0) throw new InvalidArgumentError('A time such as 30s, 5m or 1m30s.')
  return value
}
