// Which language models there are, by name: those of the servers the operator has named.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { OPENAI_URL, type Models } from '../../model-settings.ts'
import { fault } from '../../faults.ts'
import { destination, type Destination } from '../../outbound/destination.ts'
import type { LanguageModel } from './language-model.ts'
import { sdkModel, type SdkProvider } from './sdk-model.ts'

export interface LanguageModels {
  /** Asks nobody. Throws `unavailable` (`unknown_model`, `model_not_configured`) for a name that cannot be used. */
  readonly open: (name: string) => LanguageModel
  /** The names that can be used now: "openai:<model>". */
  readonly available: () => string[]
  /** The servers that are set up and whether they are being called, for health and metrics. */
  readonly destinations: () => Pick<Destination, 'name' | 'state' | 'lastFailure'>[]
}

type Provider = 'openai' | 'anthropic' | 'ollama'

const NEEDS: Record<Provider, string> = {
  openai: 'OPENAI_API_KEY (or, for a server without keys, OPENAI_BASE_URL)',
  anthropic: 'ANTHROPIC_API_KEY',
  ollama: 'OLLAMA_URL',
}

/** Opens nothing until a model is asked. Models of one server share its breaker and its queue. */
export function languageModels(settings: Models): LanguageModels {
  const providers = providersOf(settings)
  return {
    open(name) {
      const [, provider, model] = /^(openai|anthropic|ollama):(.+)$/s.exec(name) ?? []
      if (provider === undefined || model === undefined) throw unknownModel(name)
      if (provider === 'ollama') refuseOtherSpelling(model)
      const found = providers[provider as Provider]
      if (found === undefined)
        throw fault('unavailable', {
          reason: 'model_not_configured',
          say: `The model ${name} needs the setting ${NEEDS[provider as Provider]}.`,
        })
      return sdkModel(name, model, found)
    },
    available: () => Object.keys(providers).map(provider => `${provider}:<model>`),
    destinations: () => Object.values(providers).map(provider => provider.destination),
  }
}

function providersOf({
  openai,
  anthropic,
  ollamaUrl,
  deadlineMs,
}: Models): Partial<Record<Provider, SdkProvider>> {
  return {
    ...(openai && { openai: chat('openai', openai.baseUrl, deadlineMs, openai.apiKey?.reveal()) }),
    ...(ollamaUrl !== undefined && {
      ollama: chat('ollama', `${ollamaUrl.replace(/\/+$/, '')}/v1`, deadlineMs),
    }),
    ...(anthropic && {
      anthropic: {
        destination: modelServer('anthropic', anthropic.baseUrl, deadlineMs),
        open: (model, fetch) =>
          createAnthropic({ baseURL: anthropic.baseUrl, apiKey: anthropic.apiKey.reveal(), fetch })(model),
        hidesReasoning: true,
      } satisfies SdkProvider,
    }),
  }
}

/** OpenAI's chat completions, as it and many servers speak them. */
function chat(name: string, baseURL: string, deadlineMs: number, apiKey?: string): SdkProvider {
  // OpenAI itself refuses max_tokens for the models that reason; other servers know no other name for it.
  const isOpenai = new URL(baseURL).host === new URL(OPENAI_URL).host
  return {
    hidesReasoning: isOpenai,
    destination: modelServer(name, baseURL, deadlineMs),
    open: (model, fetch) =>
      createOpenAICompatible({
        name,
        baseURL,
        fetch,
        includeUsage: true,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(isOpenai ? { transformRequestBody: maxCompletionTokens } : {}),
      }).chatModel(model),
  }
}

function maxCompletionTokens({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return { ...body, max_completion_tokens: max_tokens }
}

/** An answer takes seconds to minutes, so more of them at once than of embeddings; only its beginning can be slow. */
function modelServer(name: string, baseUrl: string, deadlineMs: number): Destination {
  return destination({
    name,
    origin: new URL(baseUrl).origin,
    deadlineMs,
    concurrency: 16,
    queue: 64,
    breaker: { consecutive: 5, failureRate: 0.5, window: 20, openMs: 10_000, slowMs: deadlineMs },
    retry: { attempts: 3, firstPauseMs: 200, longestPauseMs: 2_000, longestRetryAfterMs: 10_000 },
  })
}

/** Ollama takes many spellings of one name. A price, a budget and a tier's list know one. */
function refuseOtherSpelling(model: string): void {
  const plain = model
    .toLowerCase()
    .replace(/^(?:https?:\/\/)?(?:registry\.ollama\.ai\/)?(?:library\/)?/, '')
    .replace(/:latest$/, '')
  if (plain === model) return
  throw fault('invalid_input', {
    reason: 'unknown_model',
    say: `Write the model as ollama:${plain.slice(0, 100)}: that is the name that prices and budgets know.`,
  })
}

function unknownModel(name: string) {
  return fault('invalid_input', {
    reason: 'unknown_model',
    say: `There is no model ${JSON.stringify(name.slice(0, 100))}: use extractive, openai:<model>, anthropic:<model> or ollama:<model>.`,
  })
}
