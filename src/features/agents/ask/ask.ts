// ask: rag within one call: a question answered from the documents the caller may read, with what the answer rests on and
// what it cost.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { atOnce } from '../answers/at-once.ts'
import { billOf } from '../answers/bill.ts'
import { Citation, Unsupported } from '../citations/citation.ts'
import type { RagDeps } from '../workflows/rag-steps.ts'
import { Asked, rag } from '../workflows/rag.ts'

export type AskDeps = RagDeps

const input = z.strictObject({
  ...Asked,
  limit: z.int().min(1).max(20).default(8).describe('Passages that the answer is made of, at most.'),
})

const output = z.strictObject({
  answer: z
    .string()
    .describe('Markdown without links, images and HTML. Numbers in square brackets are citations.'),
  model: z.string().describe('The model that answered.'),
  verified: z
    .boolean()
    .describe(
      'It cites something, every citation holds, and nothing else is given as the documents’ words. It does not say that the answer is right.',
    ),
  citations: z.array(Citation).describe('What the answer cites, in its order.'),
  unsupported: z
    .array(Unsupported)
    .optional()
    .describe('Present when the answer names or quotes what is in none of its passages.'),
  cut: z
    .enum(['cut', 'withheld'])
    .optional()
    .describe('Present when the answer is not complete: it was too long, or the model withheld the rest.'),
  usage: z.record(z.string(), z.int()).describe('Tokens by kind; empty when nothing was paid for.'),
  cost_nano: z.string().describe('What the call cost, in billionths of a US dollar.'),
  degraded: z.string().optional().describe('Present when less was done than was asked for, and why.'),
})

export function ask(deps: AskDeps) {
  const workflow = rag(deps)
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
    async run({ label, ...asked }, call) {
      const bill = billOf(call, label)
      const { citations, unsupported, ...answer } = await workflow.run(
        { ...asked, require_verified: false },
        atOnce(bill.call),
      )
      return {
        ...answer,
        citations: [...citations],
        ...(unsupported.length === 0 ? {} : { unsupported: [...unsupported] }),
        ...bill.total(),
      }
    },
  })
}
