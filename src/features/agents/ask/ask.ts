// ask: a question answered from the documents the caller may read, with what the answer rests on and what it cost.
import { z } from 'zod'
import type { ReadCall } from '../../../gate/call.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { requireInTier } from './allowed-model.ts'
import { billOf } from './bill.ts'
import { Citation } from './citation.ts'
import { passagesOf, type Found } from './passage.ts'
import { writeAnswer, type WritingDeps } from './write-answer.ts'

export interface AskDeps extends WritingDeps {
  /** hybrid_search, of that many documents at most. */
  readonly search: (call: ReadCall, query: string, limit: number) => Promise<Found>
  /** The model where the caller names none. */
  readonly standardModel: string
}

const input = z.strictObject({
  question: z.string().min(1).max(4_000),
  model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'openai:<model>, anthropic:<model>, ollama:<model>, or extractive, which quotes sentences and is free. The server’s default when left out.',
    ),
  limit: z.int().min(1).max(20).default(8).describe('Passages that the answer is made of, at most.'),
  label: z
    .string()
    .max(200)
    .regex(/^[^\p{Cc}]*$/u, 'must have no control characters')
    .optional()
    .describe('Stands beside the cost in reports, for example the matter it is for.'),
})

const output = z.strictObject({
  answer: z.string().describe('Numbers in square brackets are citations.'),
  model: z.string().describe('The model that answered.'),
  citations: z.array(Citation).describe('What the answer cites, in its order.'),
  cut: z
    .enum(['cut', 'withheld'])
    .optional()
    .describe('Present when the answer is not complete: it was too long, or the model withheld the rest.'),
  usage: z.record(z.string(), z.int()).describe('Tokens by kind; empty when nothing was paid for.'),
  cost_nano: z.string().describe('What the call cost, in billionths of a US dollar.'),
  degraded: z.string().optional().describe('Present when less was done than was asked for, and why.'),
})

export function ask({ search, standardModel, ...writing }: AskDeps) {
  return defineOperation({
    name: 'ask',
    title: 'Ask the documents',
    description:
      'Answers a question from your documents and cites the passages it rests on. ' +
      'Use hybrid_search instead to read the passages yourself; only asking a model for an answer costs money.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input,
    output,
    async run({ question, model = standardModel, limit, label }, call) {
      await requireInTier(call, writing.tierOf(call.principal.tenantId), model)
      const bill = billOf(call, label)
      const found = await search(bill.call, plain(question), limit)
      const { degraded, ...answer } = await writeAnswer(bill.call, writing, {
        question,
        model,
        passages: passagesOf(found.hits),
      })
      const why = [found.degraded, degraded].filter(text => text !== undefined).join(' ')
      return {
        ...answer,
        citations: [...answer.citations],
        ...bill.total(),
        ...(why === '' ? {} : { degraded: why }),
      }
    },
  })
}

/** A question is no query: a dash or quotes in it are no commands to the search. */
function plain(question: string): string {
  return question.replaceAll(/(^|\s)-+(?=\S)/g, '$1').replaceAll(/["“”]/g, ' ')
}
