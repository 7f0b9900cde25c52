// `gatehouse tenant export` and `gatehouse tenant verify-erased`: what can be typed about leaving.
import type { Command } from 'commander'
import { fault } from '../../../platform/faults.ts'
import { commandAt } from '../commands.ts'
import { addWayOptions } from '../connection/way-options.ts'
import { interruption } from '../ingest/interruption.ts'
import { printable } from '../ingest/report/printable.ts'
import type { Operator } from '../operator.ts'
import { printFinding, printResult } from '../output.ts'
import { EXPORT_SCOPES, exportTenant } from './export-tenant.ts'
import { verifyExport } from './verify-export.ts'

type OpenOperator = () => Promise<Operator>
/** Runs what a command does and turns what it throws, or answers, into an exit code. */
type Act = (fn: () => Promise<number>) => Promise<void>

const EXAMPLES = `
Examples:
  gatehouse tenant export acme --to acme-2026-01-31
  gatehouse tenant export --verify acme-2026-01-31

The folder gets every document with all its versions and uploaded files, users, groups, keys and invitations (without
their secrets), ingestions, budgets and prices, what was spent, and the audit with its head. --verify hashes all of it again and needs no server; it ends
with 8 when something was changed.`

export function addLeavingCommands(program: Command, openOperator: OpenOperator, act: Act): void {
  addExport(program, openOperator, act)
  addVerifyErased(program, openOperator, act)
}

interface ExportOptions {
  readonly to?: string
  readonly verify?: string
  readonly json?: boolean
}

function addExport(program: Command, openOperator: OpenOperator, act: Act): void {
  const command = addWayOptions(commandAt(program, 'tenant export'))
    .description('write everything a tenant has into files')
    .argument('[tenant]', 'id or slug')
    .option('--to <folder>', 'the folder, new or empty')
    .option('--verify <folder>', 'check an export instead of making one')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
  command.action(() =>
    act(() => {
      const options = command.opts<ExportOptions>()
      if (options.verify !== undefined) return verified(options.verify, options)
      return exported(command.args[0], options, openOperator)
    }),
  )
}

async function exported(
  tenant: string | undefined,
  { to, json = false }: ExportOptions,
  openOperator: OpenOperator,
): Promise<number> {
  if (to === undefined) throw fault('invalid_input', { say: '--to <folder> is missing: where shall it go?' })
  const { signal, release } = interruption()
  const operator = await openOperator()
  try {
    const caller = operator.as(tenant, 'operator', EXPORT_SCOPES)
    const progress = (line: string): void => console.error(line)
    const { counts, files, vanished, audit } = await exportTenant(to, { caller, progress, signal })
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    printResult({ folder: to, files: files.length, bytes, ...counts, vanished: vanished.length }, { json })
    return audit.verified
      ? 0
      : printFinding('audit_broken', 'The chain of the audit does not hold; see: gatehouse audit verify')
  } finally {
    release()
    await operator.close()
  }
}

async function verified(folder: string, { json = false }: ExportOptions): Promise<number> {
  const { findings, ...result } = await verifyExport(folder)
  if (json) printResult({ ...result, findings }, { json })
  else {
    printResult(result, { json })
    for (const finding of findings) console.log(printable(finding))
  }
  return result.ok
    ? 0
    : printFinding('export_changed', `${folder} is not what was exported: ${findings.length} findings.`)
}

function addVerifyErased(program: Command, openOperator: OpenOperator, act: Act): void {
  const command = addWayOptions(commandAt(program, 'tenant verify-erased'))
    .description('look for anything that is left of a removed tenant; ends with 8 when there is')
    .argument('<id>', "the tenant's id: its slug is gone")
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  gatehouse tenant verify-erased 0198f2c0-…')
  command.action(() =>
    act(async () => {
      const operator = await openOperator()
      try {
        const answer = await operator.run('verify_erasure', { tenant_id: command.args[0] })
        printResult(answer, { json: command.opts<ExportOptions>().json === true })
        return answer['erased'] === true ? 0 : printFinding('not_erased', 'Something of this tenant is left.')
      } finally {
        await operator.close()
      }
    }),
  )
}
