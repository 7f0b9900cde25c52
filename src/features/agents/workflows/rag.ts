// rag: a question answered from the user's documents. Search, rank, write, and check what the answer rests on. Nothing it
// does changes anything or leaves the deployment but the model's prompt: which operations it asks is fixed here, before
// anything is read.
import { z } from 'zod'
import type { ReadCall } from '../../../gate/call.ts'
import { billOf } from '../answers/bill.ts'
import { Label, type TaskPart } from '../tasks/task-shape.ts'
import { generate, notVerified, rank, search, verify, type RagDeps } from './rag-steps.ts'
import { defineWorkflow, type StepWork } from './workflow.ts'

/** What asks a question, here and in `ask`. */
export const Asked = {
  question: z.string().min(1).max(4_000),
  model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'openai:<model>, anthropic:<model>, ollama:<model>, or extractive, which quotes sentences and is free. The server’s default when left out.',
    ),
  label: Label.optional(),
}

const input = z.strictObject({
  ...Asked,
  limit: z.int().min(1).max(20).default(5).describe('Passages that the answer is made of, at most.'),
  require_verified: z.boolean().default(false).describe('Fail when a citation does not hold.'),
})

export function rag(deps: RagDeps) {
  return defineWorkflow({
    name: 'rag',
    title: 'Answer from documents',
    description:
      'Answers a question from your documents: searches them, ranks what it found, writes an answer that cites its passages, and checks every citation.',
    tags: ['question answering', 'documents', 'citations'],
    examples: ['Which breach must be notified within 72 hours?'],
    input,
    steps: [
      { name: 'search', title: 'Search the documents', after: [], replay: 'safe' },
      { name: 'rank', title: 'Rank the passages', after: ['search'], replay: 'safe' },
      { name: 'generate', title: 'Write the answer', after: ['rank'], replay: 'safe' },
      { name: 'verify', title: 'Check the citations', after: ['generate'], replay: 'safe' },
    ],
    async run({ question, model = deps.standardModel, limit, label, require_verified }, work) {
      const callOf = (step: StepWork): ReadCall =>
        label === undefined ? step.call : billOf(step.call, label).call
      const asked = { question, model, limit }
      const found = await work.step('search', step => search(deps, asked, { step, call: callOf(step) }))
      const passages = await work.step('rank', async step => rank(found.passages, limit, step))
      const whole = { ...asked, question: withAdded(question, await work.messages('added')) }
      const written = await work.step('generate', step =>
        generate(deps, { ...whole, passages }, { step, call: callOf(step) }),
      )
      const checked = await work.step('verify', step => verify({ ...whole, ...written, passages }, step))
      if (require_verified && !checked.verified) throw notVerified(checked)
      const why = [found.degraded, written.degraded].filter(text => text !== undefined).join(' ')
      return {
        answer: written.answer,
        model: written.model,
        ...checked,
        ...(written.cut === undefined ? {} : { cut: written.cut }),
        ...(why === '' ? {} : { degraded: why }),
      }
    },
  })
}

const MOST_CHARACTERS = 8_000

/** What the user said while the documents were searched belongs to the question. */
function withAdded(question: string, added: readonly (readonly TaskPart[])[]): string {
  const texts = added.flat().flatMap(({ text }) => text ?? [])
  return [question, ...texts].join('\n\n').slice(0, MOST_CHARACTERS)
}
