// An answer from passages, by the model that was asked for, or by a cheaper one where a budget says so. Nobody sees a
// word of it that has not passed the list of what Markdown may hold.
import type { ReadCall } from '../../../gate/call.ts'
import { meteredLanguageModel } from '../../../gate/money/metered/metered-language-model.ts'
import type { Tiers } from '../../../gate/money/tiers.ts'
import { Fault } from '../../../platform/faults.ts'
import { EXTRACTIVE } from '../../../platform/model-settings.ts'
import type { LanguageModels } from '../../../platform/models/language/language-models.ts'
import type { Cited } from '../citations/citation.ts'
import { isInTier } from './allowed-model.ts'
import { extract } from './extract.ts'
import type { Passage } from './passage.ts'
import { promptOf } from './prompt.ts'
import { markdownStream, safeMarkdown } from './safe-markdown/markdown-stream.ts'

export interface WritingDeps {
  readonly models: Pick<LanguageModels, 'open'>
  readonly tierOf: Tiers['tierOf']
}

export interface ToWrite {
  readonly question: string
  readonly passages: readonly Passage[]
  readonly model: string
  /** Hears the answer as it comes into being; all that it hears is the answer. */
  readonly show: (text: string) => void
}

export interface Answer {
  /** Safe Markdown. */
  readonly answer: string
  readonly model: string
  /** What was copied from the passages to the letter, when sentences are quoted: all that it cites. */
  readonly copied?: readonly Cited[]
  /** Why it ended before it was complete. */
  readonly cut?: 'cut' | 'withheld'
  /** Why another model answered. */
  readonly degraded?: string
}

/** Tokens of an answer, reasoning included. */
const MOST_OUTPUT = 1_024

export async function writeAnswer(call: ReadCall, deps: WritingDeps, wanted: ToWrite): Promise<Answer> {
  const { model, passages } = wanted
  // Of nothing no model can make an answer.
  if (passages.length === 0) return { ...copied(wanted), model }
  try {
    return await written(call, deps, wanted)
  } catch (error) {
    if (!isToDegrade(error)) throw error
    const cheaper = error.facts?.['degrade_to']
    const degraded = `The budget leaves no room for ${model}`
    if (
      typeof cheaper === 'string' &&
      cheaper !== model &&
      isInTier(deps.tierOf(call.principal.tenantId), cheaper)
    ) {
      const instead = await unlessItFails(wanted, again => written(call, deps, { ...again, model: cheaper }))
      if (instead !== undefined) return { ...instead, degraded: `${degraded}: ${cheaper} answered.` }
    }
    return { ...copied(wanted), degraded: `${degraded}: sentences are quoted instead.` }
  }
}

async function written(call: ReadCall, { models }: WritingDeps, wanted: ToWrite): Promise<Answer> {
  const { question, passages, model, show } = wanted
  if (model === EXTRACTIVE) return copied(wanted)
  const writer = meteredLanguageModel(models.open(model), call.spend, { step: 'answer' })
  const generation = { ...promptOf(question, passages), maxOutput: MOST_OUTPUT, signal: call.signal }
  const safe = markdownStream()
  let answer = ''
  let end: 'complete' | 'cut' | 'withheld' = 'complete'
  const say = (text: string): void => {
    answer += text
    if (text !== '') show(text)
  }
  for await (const part of writer.stream(generation)) {
    if (part.kind === 'end') end = part.end
    else say(safe.push(part.text))
    if (!safe.isCut()) continue
    end = 'cut'
    break
  }
  say(safe.end())
  return { answer, model, ...(end === 'complete' ? {} : { cut: end }) }
}

function copied({ question, passages, show }: ToWrite): Answer {
  const { text, citations } = extract(question, passages)
  const answer = safeMarkdown(text)
  show(answer)
  return { answer, model: EXTRACTIVE, copied: citations }
}

function isToDegrade(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'budget_exceeded' && error.facts?.['action'] === 'degrade'
}

/** A second try, after which another way is left: unless somebody has seen some of it, or has left. */
async function unlessItFails(
  wanted: ToWrite,
  attempt: (wanted: ToWrite) => Promise<Answer>,
): Promise<Answer | undefined> {
  let isSeen = false
  const show = (text: string): void => {
    isSeen = true
    wanted.show(text)
  }
  try {
    return await attempt({ ...wanted, show })
  } catch (error) {
    if (isSeen || (error instanceof Fault && error.code === 'cancelled')) throw error
    return undefined
  }
}
