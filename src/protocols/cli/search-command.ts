// `gatehouse search`: what can be typed, and who is asked.
import type { Command } from 'commander'
import type { Explanation } from '../../features/retrieval/explain-search.ts'
import type { SearchAnswer } from '../../features/retrieval/search-answer.ts'
import { fault } from '../../platform/faults.ts'
import { printable } from './ingest/report/printable.ts'
import type { Operator } from './operator.ts'
import { answerLines } from './search/answer-lines.ts'
import { explanationLines } from './search/explanation-lines.ts'
import { pageOf } from './search/layout.ts'
import { requestOf, type SearchOptions } from './search/search-settings.ts'

const EXAMPLES = `
Examples:
  gatehouse search machien learning --tenant acme --explain
  gatehouse search '"limitation of liability" -draft' --tenant acme
  gatehouse search 'GDPR Article 33' --tenant acme --words --label policy
  gatehouse search termination --tenant acme --weights 3:1 --filter 'year>=2020' --filter status=final
  gatehouse search termination --tenant acme --document contracts/2024-17

A query is words, "quoted phrases" that must stand there as they are, and -words or -"phrases" that must not. Your shell
takes quotes for itself: put the query in single ones. One that begins with a minus comes after --.

--label, --collection, --language, --file-type and --filter can be given several times. With --document the answer is
why that document (its id or external id) is where it is among the hits, or why it is not there.`

/** An operator may see the numbers of the whole tenant. */
const SCOPES = ['documents:read', 'statistics:read']

/**
 * Adds the command; `act` runs what it does and turns what it throws into an exit code. With a Gatehouse elsewhere the
 * credential may say which tenant it is.
 */
export function addSearchCommand(
  program: Command,
  openOperator: () => Promise<Operator>,
  act: (fn: () => Promise<void>) => Promise<void>,
  isRemote: () => boolean = () => false,
): void {
  const several = (value: string, before: readonly string[] = []): string[] => [...before, value]
  const command = program
    .command('search')
    .description('search the documents of a tenant')
    .argument('<query...>', 'words, "phrases", -words')
    .option('--tenant <tenant>', 'the tenant whose documents are searched, id or slug (required)')
    .option('--user <user>', 'the user who asks', 'operator')
    .option('--limit <n>', 'documents at most, 1 to 50 (default: 10)')
    .option('--words', 'by words only')
    .option('--weights <words:likeness>', 'how much words count against likeness, as in 3:1 (default: 1:1)')
    .option('--filter <key=value>', 'only documents with that metadata; also key>=value, >, <=, <', several)
    .option('--collection <name>', 'only documents of that collection', several)
    .option('--label <label>', 'only documents with that label', several)
    .option('--language <language>', 'only documents in that language', several)
    .option('--file-type <type>', 'only documents of that type (pdf, markdown …)', several)
    .option('--explain', 'say in numbers why each hit is where it is')
    .option('--document <document>', 'say why that document is in the hits or is not')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
  command.action(() =>
    act(() => runSearch(command.args, command.opts<SearchOptions>(), { openOperator, isRemote })),
  )
}

interface Way {
  readonly openOperator: () => Promise<Operator>
  readonly isRemote: () => boolean
}

async function runSearch(
  words: readonly string[],
  options: SearchOptions,
  { openOperator, isRemote }: Way,
): Promise<void> {
  const { tenant, user, json = false, explain = false } = options
  if (tenant === undefined && !isRemote()) {
    throw fault('invalid_input', { say: '--tenant <id or slug> is missing: whose documents are searched?' })
  }
  const { operation, input } = requestOf(words, options)
  const operator = await openOperator()
  try {
    const answer = await operator.as(tenant, user, SCOPES).run(operation, input)
    const page = pageOf(process.stdout)
    const lines = json
      ? JSON.stringify(answer, null, 2).split('\n').map(printable)
      : operation === 'explain_search'
        ? explanationLines(answer as unknown as Explanation, page)
        : answerLines(answer as unknown as SearchAnswer, {
            tenant: tenant === undefined ? undefined : printable(tenant),
            isExplained: explain,
            isFiltered: input['filter'] !== undefined,
            page,
          })
    process.stdout.write(`${lines.join('\n')}\n`)
  } finally {
    await operator.close()
  }
}
