// `gatehouse cost export` and `gatehouse cost verify`: what can be typed. The other commands on costs are in
// ../commands/cost.ts.
import { open } from 'node:fs/promises'
import type { Command } from 'commander'
import { fault } from '../../../platform/faults.ts'
import { writePrivateFile } from '../../../platform/private-file.ts'
import { loadHeads, saveHeads } from '../audit-command/saved-heads.ts'
import { everybody, idOf } from '../audit-command/verify-audits.ts'
import { commandAt } from '../commands.ts'
import { addWayOptions } from '../connection/way-options.ts'
import type { Operator } from '../operator.ts'
import { jsonText, printFinding } from '../output.ts'
import { exportLedger, type LedgerTrailer } from './export-ledger.ts'
import { verifiedLines, verifyLedger, type VerifiedLedger } from './verify-ledgers.ts'

type OpenOperator = () => Promise<Operator>
/** Runs what a command does and turns what it throws, or answers, into an exit code. */
type Act = (fn: () => Promise<number>) => Promise<void>

const SCOPES = ['costs:read']
const TENANT = [
  '--tenant <tenant>',
  'the tenant, id or slug (required unless a credential names its own)',
] as const

export function addCostCommands(program: Command, openOperator: OpenOperator, act: Act): void {
  commandAt(program, 'cost').description('report, export, correct and verify what was spent')
  addExport(program, openOperator, act)
  addVerify(program, openOperator, act)
}

interface ExportOptions {
  readonly tenant?: string
  readonly csv?: boolean
  readonly json?: boolean
  readonly from?: string
  readonly to?: string
  readonly out: string
}

function addExport(program: Command, openOperator: OpenOperator, act: Act): void {
  const command = addWayOptions(commandAt(program, 'cost export'))
    .description(
      'write every charge and correction; a trailer with row count, sum and hash goes to standard error',
    )
    .option(...TENANT)
    .option('--csv', 'as CSV')
    .option('--json', 'as one JSON object a line (the default)')
    .option('--from <day>', 'the first day, UTC')
    .option('--to <day>', 'the last day, UTC')
    .option(
      '--out <file>',
      'the file, which must not exist yet (its trailer goes beside it as .trailer.json), or -',
      '-',
    )
    .addHelpText('after', '\nExample:\n  gatehouse cost export --tenant acme --csv --out acme.csv')
  command.action(() =>
    act(() =>
      withOperator(openOperator, async operator => {
        await exported(operator, command.opts<ExportOptions>())
        return 0
      }),
    ),
  )
}

async function exported(
  operator: Operator,
  { tenant, csv, json, from, to, out: file }: ExportOptions,
): Promise<LedgerTrailer> {
  if (csv === true && json === true)
    throw fault('invalid_input', { say: '--csv and --json exclude each other.' })
  const { run, ready } = operator.as(tenant, 'operator', SCOPES)
  // A tenant that is not there is told before a file is made.
  await ready()
  const out = await outputTo(file)
  try {
    const progress = (line: string): void => console.error(line)
    const format = csv === true ? 'csv' : 'jsonl'
    const trailer = await exportLedger({ run, format, from, to, progress, write: out.write })
    const said = JSON.stringify(trailer)
    process.stderr.write(`${said}\n`)
    if (file !== '-') await writePrivateFile(`${file}.trailer.json`, `${said}\n`)
    return trailer
  } finally {
    await out.close()
  }
}

interface VerifyOptions {
  readonly tenant?: string
  readonly all?: boolean
  readonly head?: string
  readonly saveHead?: string
  readonly json?: boolean
}

function addVerify(program: Command, openOperator: OpenOperator, act: Act): void {
  const command = addWayOptions(commandAt(program, 'cost verify'))
    .description(
      'compute every charge, the chain of the ledger and all budgets anew; ends with 8 on a finding',
    )
    .option(...TENANT)
    .option('--all', 'every active tenant')
    .option('--head <file>', 'verify against the heads that were saved there')
    .option(
      '--save-head <file>',
      'write the heads there; keep the file where nobody who runs the database can change it',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  gatehouse cost verify --tenant acme')
  command.action(() =>
    act(() => withOperator(openOperator, operator => verified(operator, command.opts<VerifyOptions>()))),
  )
}

async function verified(
  operator: Operator,
  { tenant, all, head, saveHead, json }: VerifyOptions,
): Promise<number> {
  if (all === true && tenant !== undefined)
    throw fault('invalid_input', { say: '--all and --tenant exclude each other.' })
  const saved = head === undefined ? undefined : await loadHeads(head)
  const answers: VerifiedLedger[] = []
  for (const tenantId of await tenantsOf(operator, tenant, all === true)) {
    const { run } = operator.as(tenantId, 'operator', SCOPES)
    answers.push(await verifyLedger(run, { tenantId, saved }))
  }
  if (json === true) console.log(jsonText(answers, 2))
  else for (const answer of answers) console.log(verifiedLines(answer).join('\n'))
  const broken = answers.filter(({ ok }) => !ok).map(({ chain }) => chain.audit)
  // A broken ledger's head must not replace one that was sound.
  if (broken.length > 0) return printFinding('ledger_broken', `The books do not hold: ${broken.join(', ')}.`)
  if (saveHead !== undefined)
    await saveHeads(
      saveHead,
      answers.map(({ chain }) => chain),
    )
  return 0
}

/** Ids; undefined stands for the tenant of the credential. */
async function tenantsOf(
  operator: Operator,
  tenant: string | undefined,
  isAll: boolean,
): Promise<(string | undefined)[]> {
  if (!isAll) return [tenant === undefined ? undefined : await idOf(operator, tenant)]
  const skipped = (slug: string): void => console.error(`not asked, since it is shut: ${slug}`)
  return (await everybody(operator, skipped)).filter(id => id !== undefined)
}

async function withOperator(
  openOperator: OpenOperator,
  fn: (operator: Operator) => Promise<number>,
): Promise<number> {
  const operator = await openOperator()
  try {
    return await fn(operator)
  } finally {
    await operator.close()
  }
}

/** A new file of the owner's alone, or standard output. Resolves when the text was taken. */
async function outputTo(to: string): Promise<{ write(text: string): Promise<void>; close(): Promise<void> }> {
  if (to !== '-') {
    const file = await open(to, 'wx', 0o600).catch((error: unknown) => {
      throw fault('invalid_input', { say: `${to} cannot be made; it must not exist yet.`, because: error })
    })
    return { write: text => file.appendFile(text), close: () => file.close() }
  }
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => process.stdout.write(text, error => (error ? reject(error) : resolve())))
  return { write, close: () => Promise.resolve() }
}
