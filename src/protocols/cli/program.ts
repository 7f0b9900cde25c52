// The command line: what can be typed. What the commands do is handed in by main.ts or is an operation.
import { Command } from 'commander'
import { fault } from '../../platform/faults.ts'
import { commandAt, describeTopics, OPERATION_COMMANDS, pathOf } from './commands.ts'
import type { OperationCommand } from './commands/operation-command.ts'
import { addAuditCommands } from './audit-command/audit-command.ts'
import { addCostCommands } from './cost/cost-command.ts'
import { addAttackCommand } from './attack-command.ts'
import { addDoctorCommand } from './doctor-command.ts'
import { addEvalCommand } from './eval-command.ts'
import { addIngestCommand } from './ingest/ingest-command.ts'
import type { Operator } from './operator.ts'
import { printFailure, printResult } from './output.ts'
import { addWayOptions, refuseCredentials, type WayOptions } from './connection/way-options.ts'
import { addSearchCommand } from './search-command.ts'
import { addTaskCommands } from './task/task-commands.ts'
import { addLeavingCommands } from './tenant-export/tenant-export-command.ts'

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
  /** Resolves with the exit code. */
  attack(options: Record<string, string | boolean>): Promise<number>
  /** Resolves with the exit code. */
  doctor(options: Record<string, string | boolean>): Promise<number>
  /** The Gatehouse that the options or the environment name, the running one of this data folder, or one opened for this command. */
  openOperator(options: WayOptions): Promise<Operator>
  /** Whether the Gatehouse is elsewhere: then a credential says who calls. */
  isRemote(options: WayOptions): boolean
}

/** Runs the command line; resolves with the exit code. */
export async function runCommandLine(
  argv: readonly string[],
  actions: CliActions,
  version: string,
): Promise<number> {
  let exitCode = 0
  let typed: string | undefined
  const program = new Command('gatehouse')
    .description('Safe access for AI agents to many customers’ documents.')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
  const running = (fn: () => Promise<void>) => async (): Promise<void> => {
    try {
      await fn()
    } catch (error) {
      exitCode = printFailure(error, typed)
    }
  }
  let way: WayOptions = {}
  program.hook('preAction', (_, command) => {
    way = command.opts<WayOptions>()
    typed = pathOf(command)
  })
  const openOperator = () => actions.openOperator(way)
  const isRemote = () => actions.isRemote(way)
  addServerCommands(program, actions, running)
  addIngestCommand(program, openOperator, fn => running(fn)(), isRemote)
  addSearchCommand(program, openOperator, fn => running(fn)(), isRemote)
  addEvalCommand(program, actions.evaluate, fn => running(async () => void (exitCode = await fn()))())
  addAttackCommand(program, actions.attack, fn => running(async () => void (exitCode = await fn()))())
  addDoctorCommand(program, actions.doctor, fn => running(async () => void (exitCode = await fn()))())
  const checking = (fn: () => Promise<number>) => running(async () => void (exitCode = await fn()))()
  addAuditCommands(program, openOperator, checking)
  addCostCommands(program, openOperator, checking)
  addLeavingCommands(program, openOperator, checking)
  addTaskCommands(program, { openOperator, isRemote, checking })
  for (const name of ['ingest', 'search']) addWayOptions(commandAt(program, name))
  for (const command of OPERATION_COMMANDS) addOperationCommand(program, command, openOperator, running)
  describeTopics(program)
  try {
    refuseCredentials(argv)
  } catch (error) {
    return printFailure(error)
  }
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
  openOperator: () => Promise<Operator>,
  running: Running,
): void {
  const command = commandAt(program, spec.path).description(spec.says).option('--json', 'print JSON')
  if (spec.argument !== undefined) command.argument(...spec.argument)
  if (spec.scopes !== undefined) {
    command
      .option('--tenant <tenant>', 'the tenant, id or slug (required unless a credential names its own)')
      .option('--user <user>', 'the user who asks', 'operator')
  }
  if (spec.inTenant !== undefined) {
    command
      .option('--tenant <tenant>', 'for this tenant alone, id or slug')
      .option('--user <user>', 'the user who asks in it', 'operator')
  }
  for (const option of spec.options ?? []) command.option(...option)
  if (spec.destroys !== undefined) command.option('--yes', 'do not ask')
  addWayOptions(command)
  command.addHelpText('after', `\nExample:\n  ${spec.example}`)
  command.action(() =>
    running(async () => {
      const options = command.opts<Record<string, unknown>>()
      if (spec.destroys !== undefined && options['yes'] !== true) {
        throw fault('invalid_input', { say: `This removes ${spec.destroys} for good. Add --yes to do it.` })
      }
      const operator = await openOperator()
      try {
        const result = await asked(spec, operator, { options, argument: command.args[0] })
        const shown = spec.show === undefined ? result : spec.show(result)
        const settled =
          spec.settle === undefined ? shown : await spec.settle(shown as Record<string, unknown>, operator)
        if (spec.lines === undefined || options['json'] === true)
          printResult(settled, { json: options['json'] === true })
        else for (const line of spec.lines(settled, options)) console.log(line)
        if (spec.afterwards !== undefined) console.error(spec.afterwards)
      } finally {
        await operator.close()
      }
    })(),
  )
}

interface Typed {
  readonly options: Record<string, unknown>
  readonly argument: string | undefined
}

function asked(
  spec: OperationCommand,
  operator: Operator,
  { options, argument }: Typed,
): Promise<Record<string, unknown>> {
  const input = given(spec.input(options, argument))
  const { tenant, user } = options as { tenant?: string; user: string }
  if (tenant !== undefined && spec.inTenant !== undefined)
    return operator.as(tenant, user, spec.inTenant.scopes).run(spec.inTenant.operation, input)
  if (spec.scopes === undefined) return operator.run(spec.operation, input)
  return operator.as(tenant, user, spec.scopes).run(spec.operation, input)
}

/** Options that were not typed are left out, so that the operation's own message says what is required. */
function given(input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
