// `gatehouse ask`: the answer, what it rests on, and what it cost.
import { dollars } from '../../../gate/money/money-text.ts'
import { printable, stripped } from '../ingest/report/printable.ts'
import { pageOf, wrapped } from '../search/layout.ts'
import type { OperationCommand } from './operation-command.ts'

export const ASK_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'ask',
    says: 'answer a question from the documents of a tenant, with citations',
    operation: 'ask',
    scopes: ['documents:read'],
    argument: ['<question>', 'the question, in quotes'],
    options: [
      [
        '--model <model>',
        'openai:<model>, anthropic:<model>, ollama:<model> or extractive (default: GATEHOUSE_MODEL)',
      ],
      ['--limit <n>', 'passages that the answer is made of, 1 to 20 (default: 8)'],
      ['--label <label>', 'stands beside the cost in reports, for example a matter'],
    ],
    input: ({ model, limit, label }, question) => ({
      question,
      model,
      label,
      limit: limit === undefined ? undefined : Number(limit),
    }),
    lines: answer => askLines(answer as Shown),
    example: 'gatehouse ask "When may either side terminate?" --tenant penhallow-strake',
  },
]

interface Shown {
  readonly answer: string
  readonly model: string
  readonly citations: readonly {
    readonly n: number
    readonly doc_id: string
    readonly title: string
    readonly page?: number
    readonly problem?: string
  }[]
  readonly verified: boolean
  readonly unsupported?: readonly { readonly problem: string; readonly text: string }[]
  readonly cut?: string
  readonly usage: Readonly<Record<string, number>>
  readonly cost_nano: string
  readonly degraded?: string
}

export function askLines({
  answer,
  model,
  citations,
  verified,
  unsupported = [],
  cut,
  usage,
  cost_nano: cost,
  degraded,
}: Shown): string[] {
  const page = pageOf(process.stdout)
  const used = Object.entries(usage).map(([kind, tokens]) => `${tokens} ${kind}`)
  const paid = cost === '0' ? 'free' : dollars(BigInt(cost))
  return [
    ...answer.split('\n').flatMap(line => wrapped(stripped(line), page)),
    '',
    ...citations.flatMap(({ n, title, doc_id, page: number, problem }) =>
      wrapped(
        `[${n}] ${printable(title)}${number === undefined ? '' : `, page ${number}`} · ${doc_id}${problem === undefined ? '' : ` · ${problem}`}`,
        page,
      ),
    ),
    ...unsupported.flatMap(({ problem, text }) => wrapped(`${problem}: ${printable(text)}`, page)),
    verified ? 'Verified sources.' : 'Source verification failed.',
    '',
    ...(cut === undefined ? [] : ['The answer is not complete.']),
    ...(degraded === undefined ? [] : wrapped(`Degraded: ${printable(degraded)}`, page)),
    `${printable(model)} · ${paid}${used.length === 0 ? '' : ` · ${used.join(', ')} tokens`}`,
  ]
}
