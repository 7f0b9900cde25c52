// A model that can be caught in the middle of its answer: it says the first words and hangs, until it is let go on.
import { HANG, openScriptedModel } from '../../../tests/harness/scripted-model.ts'

/** What it is asked as: a model of the tier pro. */
export const SLOW = 'openai:llama3.2'
const FIRST = 'A personal data breach must be notified '
const REST = 'within 72 hours of becoming aware of it [1].'

export interface SlowModel {
  /** For OPENAI_BASE_URL. */
  readonly url: string
  /** How often it was asked, and how many of those who asked have left before the end. */
  asked(): number
  left(): number
  /** Whether it says its answers to their end from now on. */
  letGo(goesOn: boolean): void
  close(): Promise<void>
}

export async function slowModel(): Promise<SlowModel> {
  let goesOn = false
  const model = await openScriptedModel(() => ({
    says: [FIRST, goesOn ? REST : HANG],
    usage: { prompt_tokens: 1_500, completion_tokens: 250 },
  }))
  return {
    url: model.url,
    asked: () => model.asked.length,
    left: model.left,
    letGo: go => {
      goesOn = go
    },
    close: () => model.close(),
  }
}
