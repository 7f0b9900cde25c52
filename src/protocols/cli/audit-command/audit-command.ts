// `gatehouse audit`: what can be typed. The audit is a tenant's with --tenant, else the deployment's own.
import { open } from 'node:fs/promises'
import type { Command } from 'commander'
import { fault } from '../../../platform/faults.ts'
import { writePrivateFile } from '../../../platform/private-file.ts'
import { commandAt } from '../commands.ts'
import { addWayOptions } from '../connection/way-options.ts'
import { interruption } from '../ingest/interruption.ts'
import type { Operator } from '../operator.ts'
import { jsonText, printFinding } from '../output.ts'
import { auditedBy } from './audited.ts'
import { exportAudit, type ExportTrailer } from './export-audit.ts'
import { loadHeads, saveHeads } from './saved-heads.ts'
import { tailAudit } from './tail-audit.ts'
import { everybody, idOf, verificationLines, verifyAudits } from './verify-audits.ts'

type OpenOperator = () => Promise<Operator>
/** Runs what a command does and turns what it throws, or answers, into an exit code. */
type Act = (fn: () => Promise<number>) => Promise<void>

const WHOSE = [
  '--tenant <tenant>',
  'the audit of this tenant, id or slug (default: what operators did; a user’s own tenant)',
] as const

export function addAuditCommands(program: Command, openOperator: OpenOperator, act: Act): void {
  commandAt(program, 'audit').description('read, export and verify the audit')
  addTail(program, openOperator, act)
  addExport(program, openOperator, act)
  addVerify(program, openOperator, act)
}

function addTail(program: Command, openOperator: OpenOperator, act: Act): void {
  const command = addWayOptions(commandAt(program, 'audit tail'))
    .description('show who did what, the newest last')
    .option(...WHOSE)
    .option('--rows <n>', 'rows to begin with, 1 to 500', '20')
    .option('--follow', 'stay, and show rows as they come')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', '\nExample:\n  gatehouse audit tail --tenant acme --follow')
  command.action(() =>
    act(() =>
      withOperator(openOperator, async operator => {
        const { tenant, rows, follow, json } = command.opts<Tailing>()
        const { signal, release } = interruption()
        const print = (line: string): void => void process.stdout.write(`${line}\n`)
        const options = {
          rows: Number(rows),
          isFollowing: follow === true,
          json: json === true,
          signal,
          print,
        }
        await tailAudit(auditedBy(operator, tenant), options).finally(release)
        return 0
      }),
    ),
  )
}

function addExport(program: Command, openOperator: OpenOperator, act: Act): void {
  const command = addWayOptions(commandAt(program, 'audit export'))
    .description(
      'write all linked rows in the order of the chain; a trailer with counts and hash goes to standard error',
    )
    .option(...WHOSE)
    .option('--format <format>', 'jsonl or csv', 'jsonl')
    .option(
      '--to <file>',
      'the file, which must not exist yet (its trailer goes beside it as .trailer.json), or -',
      '-',
    )
    .addHelpText('after', '\nExample:\n  gatehouse audit export --tenant acme --format csv --to audit.csv')
  command.action(() =>
    act(() =>
      withOperator(openOperator, async operator => {
        const trailer = await exported(operator, command.opts<Exporting>())
        return trailer.verified
          ? 0
          : printFinding('audit_broken', 'The chain does not hold; see: gatehouse audit verify')
      }),
    ),
  )
}

async function exported(operator: Operator, { tenant, format, to }: Exporting): Promise<ExportTrailer> {
  if (format !== 'jsonl' && format !== 'csv')
    throw fault('invalid_input', { say: '--format must be jsonl or csv.' })
  const out = await outputTo(to)
  try {
    const trailer = await exportAudit(auditedBy(operator, tenant), format, out.write)
    const said = JSON.stringify(trailer)
    process.stderr.write(`${said}\n`)
    if (to !== '-') await writePrivateFile(`${to}.trailer.json`, `${said}\n`)
    return trailer
  } finally {
    await out.close()
  }
}

function addVerify(program: Command, openOperator: OpenOperator, act: Act): void {
  const command = addWayOptions(commandAt(program, 'audit verify'))
    .description(
      'compute the chain anew and name what was edited, removed or moved; ends with 8 on a finding',
    )
    .option(...WHOSE)
    .option('--all', 'the deployment and every active tenant')
    .option('--head <file>', 'verify against the heads that were saved there')
    .option(
      '--save-head <file>',
      'write the heads there; keep the file where nobody who runs the database can change it',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse audit verify --all --head heads.json --save-head heads.json',
    )
  command.action(() =>
    act(() => withOperator(openOperator, operator => verified(operator, command.opts<Verifying>()))),
  )
}

async function verified(
  operator: Operator,
  { tenant, all, head, saveHead, json }: Verifying,
): Promise<number> {
  if (all === true && tenant !== undefined)
    throw fault('invalid_input', { say: '--all and --tenant exclude each other.' })
  const saved = head === undefined ? undefined : await loadHeads(head)
  const skipped = (slug: string): void => console.error(`not asked, since it is shut: ${slug}`)
  const whose = all === true ? await everybody(operator, skipped) : [tenant && (await idOf(operator, tenant))]
  const answers = await verifyAudits(operator, whose, saved)
  if (json === true) console.log(jsonText(answers, 2))
  else for (const answer of answers) console.log(verificationLines(answer).join('\n'))
  const broken = answers.filter(({ ok }) => !ok)
  // A broken audit's head must not replace one that was sound.
  if (broken.length > 0)
    return printFinding(
      'audit_broken',
      `The audit was changed: ${broken.map(({ audit }) => audit).join(', ')}.`,
    )
  if (saveHead !== undefined) await saveHeads(saveHead, answers)
  return 0
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

interface Tailing {
  readonly tenant?: string
  readonly rows: string
  readonly follow?: boolean
  readonly json?: boolean
}

interface Exporting {
  readonly tenant?: string
  readonly format: string
  readonly to: string
}

interface Verifying {
  readonly tenant?: string
  readonly all?: boolean
  readonly head?: string
  readonly saveHead?: string
  readonly json?: boolean
}
