// `gatehouse ingest`: what can be typed, and what of it goes where.
import type { Command } from 'commander'
import { fault } from '../../../platform/faults.ts'
import type { Operator } from '../operator.ts'
import { printResult } from '../output.ts'
import { parseAccess, SETTING_ACCESS } from './access-option.ts'
import { ingest } from './ingest.ts'
import { interruption } from './interruption.ts'
import { reportTo } from './report/report.ts'
import { parseMetadata, type DocumentSettings } from './settings.ts'
import { findSources } from './sources/find-sources.ts'
import { watchable } from './watch-sources.ts'

interface IngestOptions {
  readonly tenant?: string
  readonly user: string
  readonly name?: string
  readonly keyPrefix?: string
  readonly collection?: string
  readonly label?: readonly string[]
  readonly metadata?: readonly string[]
  readonly language?: string
  readonly access?: string
  readonly watch?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

const EXAMPLES = `
Examples:
  gatehouse ingest contracts --tenant acme
  gatehouse ingest 'reports/**/*.pdf' --tenant acme --collection reports --label 2026
  gatehouse ingest https://example.com/terms.html --tenant acme
  pg_dump … | gatehouse ingest - --name dump.sql --tenant acme
  gatehouse ingest inbox --tenant acme --watch
  gatehouse ingest 2026/contracts --tenant acme --key-prefix 2026/contracts

A document is known by its key: file:<name of the folder>/<path inside it>, file:<name> of a single file. What is taken
in under a key that exists is a new version of that document; two folders of one name need --key-prefix.

Options that take several values (--label, --metadata) stand after the paths.`

/**
 * Adds the command; `act` runs what it does and turns what it throws into an exit code. With a Gatehouse elsewhere the
 * credential may say which tenant it is.
 */
export function addIngestCommand(
  program: Command,
  openOperator: () => Promise<Operator>,
  act: (fn: () => Promise<void>) => Promise<void>,
  isRemote: () => boolean = () => false,
): void {
  const command = program
    .command('ingest')
    .description('take documents in: files, folders, quoted patterns, URLs, or standard input (-)')
    .argument('<source...>', 'file, folder, pattern, URL or -')
    .option('--tenant <tenant>', 'the tenant that gets the documents, id or slug (required)')
    .option('--user <user>', 'the user who adds them', 'operator')
    .option('--name <name>', 'with -: the file name that standard input would have')
    .option('--key-prefix <text>', "what the files' keys begin with, instead of their folder's name")
    .option('--collection <name>', 'the collection they belong to')
    .option('--label <label...>', 'labels')
    .option('--metadata <key=value...>', 'metadata; true, false and numbers are what they look like')
    .option('--language <language>', 'the language of the texts (default: found out)')
    .option('--access <who>', 'who may read them: everyone, or user:ada,group:Partners')
    .option('--watch', 'stay, and take in files as they appear or change')
    .option('--json', 'print one JSON object a line, on terminals too')
    .option('--quiet', 'no progress, no hints; of the files only how they ended')
    .addHelpText('after', EXAMPLES)
  command.action(() =>
    act(() => runIngest(command.args, command.opts<IngestOptions>(), { openOperator, isRemote })),
  )
}

interface Way {
  readonly openOperator: () => Promise<Operator>
  readonly isRemote: () => boolean
}

async function runIngest(
  args: readonly string[],
  options: IngestOptions,
  { openOperator, isRemote }: Way,
): Promise<void> {
  const { tenant, user, name, keyPrefix, watch: isWatching = false, json = false, quiet = false } = options
  if (tenant === undefined && !isRemote()) {
    throw fault('invalid_input', { say: '--tenant <id or slug> is missing: who gets the documents?' })
  }
  if (isWatching && watchable(args).length === 0) {
    throw fault('invalid_input', { say: '--watch needs a file, folder or pattern to watch.' })
  }
  const { access } = options
  const settings = settingsOf(options)
  const sources = await findSources(args, { name, keyPrefix })
  if (sources.length === 0 && !isWatching) {
    throw fault('invalid_input', {
      reason: 'nothing_to_ingest',
      say: `There is no file to take in at ${args.join(', ')} (hidden and temporary files, node_modules and symbolic links are passed over).`,
    })
  }
  const { signal, release } = interruption()
  const operator = await openOperator()
  try {
    const report = reportTo({
      stdout: process.stdout,
      stderr: process.stderr,
      printTable: rows => printResult(rows, { json: false }),
      isJson: json,
      isQuiet: quiet,
    })
    const deps = {
      caller: operator.as(tenant, user, access === undefined ? undefined : SETTING_ACCESS),
      report,
      signal,
      standardInput: () => process.stdin,
    }
    await ingest({ args, sources, settings, keyPrefix, isWatching }, deps)
  } finally {
    release()
    await operator.close()
  }
}

function settingsOf({ label, collection, metadata, language, access }: IngestOptions): DocumentSettings {
  return {
    ...(label === undefined ? {} : { labels: label }),
    ...(collection === undefined ? {} : { collection }),
    ...(metadata === undefined ? {} : { metadata: parseMetadata(metadata) }),
    ...(language === undefined ? {} : { language }),
    ...(access === undefined ? {} : { access: parseAccess(access) }),
  }
}
