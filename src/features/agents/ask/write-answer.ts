// An answer from passages, by the model that was asked for, or by a cheaper one where a budget says so.
import type { ReadCall } from '../../../gate/call.ts'
import { meteredLanguageModel } from '../../../gate/money/metered/metered-language-model.ts'
import type { Tiers } from '../../../gate/money/tiers.ts'
import { Fault } from '../../../platform/faults.ts'
import { EXTRACTIVE } from '../../../platform/model-settings.ts'
import type { LanguageModels } from '../../../platform/models/language/language-models.ts'
import { isInTier } from './allowed-model.ts'
import { citationsIn, type Citation } from './citation.ts'
import { extract } from './extract.ts'
import type { Passage } from './passage.ts'
import { promptOf } from './prompt.ts'

export interface WritingDeps {
  readonly models: Pick<LanguageModels, 'open'>
  readonly tierOf: Tiers['tierOf']
}

export interface Answer {
  readonly answer: string
  readonly model: string
  readonly citations: readonly Citation[]
  /** Why it ended before it was complete. */
  readonly cut?: 'cut' | 'withheld'
  /** Why another model answered. */
  readonly degraded?: string
}

/** Tokens of an answer, reasoning included. */
const MOST_OUTPUT = 1_024

export async function writeAnswer(
  call: ReadCall,
  deps: WritingDeps,
  { question, passages, model }: { question: string; passages: readonly Passage[]; model: string },
): Promise<Answer> {
  const about = { question, passages }
  // Of nothing no model can make an answer.
  if (passages.length === 0) return { ...extracted(about), model }
  try {
    return await written(call, deps, { ...about, model })
  } catch (error) {
    if (!isToDegrade(error)) throw error
    const cheaper = error.facts?.['degrade_to']
    const degraded = `The budget leaves no room for ${model}`
    if (
      typeof cheaper === 'string' &&
      cheaper !== model &&
      isInTier(deps.tierOf(call.principal.tenantId), cheaper)
    ) {
      const instead = await written(call, deps, { ...about, model: cheaper }).catch(unlessLeft)
      if (instead !== undefined) return { ...instead, degraded: `${degraded}: ${cheaper} answered.` }
    }
    return { ...extracted(about), degraded: `${degraded}: sentences are quoted instead.` }
  }
}

async function written(
  call: ReadCall,
  { models }: WritingDeps,
  { question, passages, model }: { question: string; passages: readonly Passage[]; model: string },
): Promise<Answer> {
  if (model === EXTRACTIVE) return extracted({ question, passages })
  const writer = meteredLanguageModel(models.open(model), call.spend, { step: 'answer' })
  const generation = { ...promptOf(question, passages), maxOutput: MOST_OUTPUT, signal: call.signal }
  let answer = ''
  let end: 'complete' | 'cut' | 'withheld' = 'complete'
  for await (const part of writer.stream(generation)) {
    if (part.kind === 'text') answer += part.text
    else end = part.end
  }
  return {
    answer,
    model,
    citations: citationsIn(answer, passages),
    ...(end === 'complete' ? {} : { cut: end }),
  }
}

function extracted({ question, passages }: { question: string; passages: readonly Passage[] }): Answer {
  const { text, citations } = extract(question, passages)
  return { answer: text, model: EXTRACTIVE, citations }
}

function isToDegrade(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'budget_exceeded' && error.facts?.['action'] === 'degrade'
}

/** The cheaper model is a second try: where it fails too, sentences are quoted. */
function unlessLeft(error: unknown): undefined {
  if (error instanceof Fault && error.code === 'cancelled') throw error
}
