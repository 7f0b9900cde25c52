// The command line: what can be typed. What the commands do is handed in by main.ts or is an operation.
import { Command } from 'commander'
import { fault } from '../../platform/faults.ts'
import { commandAt, OPERATION_COMMANDS } from './commands.ts'
import type { OperationCommand } from './commands/operation-command.ts'
import { addEvalCommand } from './eval-command.ts'
import { addIngestCommand } from './ingest/ingest-command.ts'
import type { Operator } from './operator.ts'
import { printFailure, printResult } from './output.ts'
import { addSearchCommand } from './search-command.ts'

export interface ServeOptions {
  readonly stdio?: boolean
  readonly tenant?: string
  readonly user?: string
}

export interface CliActions {
  serve(options: ServeOptions): Promise<void>
  migrate(options: { readonly down?: string }): Promise<void>
  initDatabase(): Promise<void>
  newSealKey(): string
  /** Resolves with the exit code. */
  evaluate(options: Record<string, string | boolean>): Promise<number>
  /** A running Gatehouse of the same data folder, or one opened for this command. */
  openOperator(): Promise<Operator>
}

/** Runs the command line; resolves with the exit code. */
export async function runCommandLine(
  argv: readonly string[],
  actions: CliActions,
  version: string,
): Promise<number> {
  let exitCode = 0
  const program = new Command('gatehouse')
    .description('Safe access for AI agents to many customers’ documents.')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
  const running = (fn: () => Promise<void>) => async (): Promise<void> => {
    try {
      await fn()
    } catch (error) {
      exitCode = printFailure(error)
    }
  }
  addServerCommands(program, actions, running)
  addIngestCommand(program, actions.openOperator, fn => running(fn)())
  addSearchCommand(program, actions.openOperator, fn => running(fn)())
  addEvalCommand(program, actions.evaluate, fn => running(async () => void (exitCode = await fn()))())
  for (const command of OPERATION_COMMANDS) addOperationCommand(program, command, actions, running)
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    // Commander has printed what was wrong (or the help that was asked for).
    const { exitCode: asked = 2 } = error as { exitCode?: number }
    return asked === 0 ? 0 : 2
  }
  return exitCode
}

type Running = (fn: () => Promise<void>) => () => Promise<void>

function addServerCommands(program: Command, actions: CliActions, running: Running): void {
  const serve = program
    .command('serve')
    .description('start the server (what npm start does)')
    .option('--stdio', 'speak MCP on standard input and output, for desktop clients')
    .option('--tenant <tenant>', 'with --stdio: the tenant to act in, id or slug')
    .option('--user <user>', 'with --stdio: the user to act as', 'desktop')
  serve.action(() => running(() => actions.serve(serve.opts<ServeOptions>()))())
  const migrate = program
    .command('migrate')
    .description(
      'bring the database schema up to this version (needs DATABASE_OWNER_URL, or the embedded database)',
    )
    .option('--down <steps>', 'take back that many migrations instead')
  migrate.action(() => running(() => actions.migrate(migrate.opts<{ down?: string }>()))())
  program
    .command('init-database')
    .description('make roles, extension and schemas, once, with DATABASE_ADMIN_URL')
    .action(() => running(() => actions.initDatabase())())
  commandAt(program, 'key create-seal')
    .description('print a new tenant seal key for GATEHOUSE_SEAL_KEYS')
    .action(() => console.log(actions.newSealKey()))
}

function addOperationCommand(
  program: Command,
  spec: OperationCommand,
  actions: CliActions,
  running: Running,
): void {
  const command = commandAt(program, spec.path).description(spec.says).option('--json', 'print JSON')
  if (spec.argument !== undefined) command.argument(...spec.argument)
  for (const option of spec.options ?? []) command.option(...option)
  if (spec.destroys !== undefined) command.option('--yes', 'do not ask')
  command.addHelpText('after', `\nExample:\n  ${spec.example}`)
  command.action(() =>
    running(async () => {
      const options = command.opts<Record<string, unknown>>()
      if (spec.destroys !== undefined && options['yes'] !== true) {
        throw fault('invalid_input', { say: `This removes ${spec.destroys} for good. Add --yes to do it.` })
      }
      const operator = await actions.openOperator()
      try {
        const result = await operator.run(spec.operation, given(spec.input(options, command.args[0])))
        const shown = spec.show === undefined ? result : spec.show(result)
        const settled =
          spec.settle === undefined ? shown : await spec.settle(shown as Record<string, unknown>, operator)
        printResult(settled, { json: options['json'] === true })
        if (spec.afterwards !== undefined) console.error(spec.afterwards)
      } finally {
        await operator.close()
      }
    })(),
  )
}

/** Options that were not typed are left out, so that the operation's own message says what is required. */
function given(input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
