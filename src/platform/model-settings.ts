// The settings of models: which servers make vectors and write answers, how long they are waited for, and which model
// answers where nobody names one.
import { z } from 'zod'
import { Secret } from './secret.ts'
import { key, serverUrl, wholeNumber } from './setting-schemas.ts'

/** Needs a key; other servers at OPENAI_BASE_URL may not. */
export const OPENAI_URL = 'https://api.openai.com/v1'
/** In this process: quotes, and writes nothing of its own. */
export const EXTRACTIVE = 'extractive'

const modelName = z
  .string()
  .regex(
    /^(extractive|(openai|anthropic|ollama):[\x21-\x7e]+)$/,
    'must be extractive, openai:<model>, anthropic:<model> or ollama:<model>',
  )

export const MODEL_SETTINGS = {
  GATEHOUSE_MODEL: {
    schema: modelName.default(EXTRACTIVE),
    says: 'The language model that answers questions where the caller names none: extractive (built in: quotes the documents), openai:<model>, anthropic:<model> or ollama:<model>.',
  },
  GATEHOUSE_MODEL_DEADLINE_MS: {
    schema: wholeNumber(600_000).default(120_000),
    says: 'Milliseconds a language model may take for an answer, waiting and retries included.',
  },
  GATEHOUSE_QUERY_EMBED_MS: {
    schema: wholeNumber(5000).default(300),
    says: "Milliseconds a search waits for its query's vector before it goes on with words alone.",
  },
  GATEHOUSE_EMBED_DEADLINE_MS: {
    schema: wholeNumber(600_000).default(30_000),
    says: 'Milliseconds a call to an embedding server may take, waiting and retries included.',
  },
  OLLAMA_URL: {
    schema: serverUrl.optional(),
    says: 'Ollama, for models named ollama:<model>. Usually http://127.0.0.1:11434.',
  },
  OPENAI_BASE_URL: {
    schema: serverUrl.default(OPENAI_URL),
    says: 'An OpenAI-compatible server, for models named openai:<model>.',
  },
  OPENAI_API_KEY: {
    schema: key.optional(),
    secret: true,
    says: 'Key for OPENAI_BASE_URL. A server other than OpenAI may do without.',
  },
  ANTHROPIC_BASE_URL: {
    schema: serverUrl.default('https://api.anthropic.com/v1'),
    says: 'Where models named anthropic:<model> are asked.',
  },
  ANTHROPIC_API_KEY: {
    schema: key.optional(),
    secret: true,
    says: 'Key for ANTHROPIC_BASE_URL.',
  },
  TEI_URL: {
    schema: serverUrl.optional(),
    says: 'Text Embeddings Inference, for the embedding model named tei:<name>.',
  },
} as const satisfies Record<string, { schema: z.ZodType; says: string; secret?: true }>

type Values = {
  readonly [Name in keyof typeof MODEL_SETTINGS]: z.output<(typeof MODEL_SETTINGS)[Name]['schema']>
}

interface OpenaiServer {
  readonly baseUrl: string
  readonly apiKey: Secret | undefined
}

/** The servers that make vectors. One that is undefined is not set up. */
export interface Embeddings {
  readonly ollamaUrl: string | undefined
  readonly openai: OpenaiServer | undefined
  readonly teiUrl: string | undefined
  /** How long a search waits for its query's vector. */
  readonly queryMs: number
  /** How long any one call may take. */
  readonly deadlineMs: number
}

/** The servers that write answers. One that is undefined is not set up. */
export interface Models {
  /** The model where nobody names one. */
  readonly standard: string
  readonly ollamaUrl: string | undefined
  readonly openai: OpenaiServer | undefined
  readonly anthropic: { readonly baseUrl: string; readonly apiKey: Secret } | undefined
  /** How long any one answer may take. */
  readonly deadlineMs: number
}

export function embeddingSettings(values: Values): Embeddings {
  return {
    ollamaUrl: values.OLLAMA_URL,
    openai: openaiServer(values),
    teiUrl: values.TEI_URL,
    queryMs: values.GATEHOUSE_QUERY_EMBED_MS,
    deadlineMs: values.GATEHOUSE_EMBED_DEADLINE_MS,
  }
}

export function languageSettings(values: Values): Models {
  const { ANTHROPIC_API_KEY: anthropicKey } = values
  return {
    standard: values.GATEHOUSE_MODEL,
    ollamaUrl: values.OLLAMA_URL,
    openai: openaiServer(values),
    anthropic:
      anthropicKey === undefined
        ? undefined
        : { baseUrl: values.ANTHROPIC_BASE_URL.replace(/\/+$/, ''), apiKey: new Secret(anthropicKey) },
    deadlineMs: values.GATEHOUSE_MODEL_DEADLINE_MS,
  }
}

/** A sentence where the model of all answers has no server. */
export function modelProblems(values: Values): string[] {
  const { standard, openai, anthropic, ollamaUrl } = languageSettings(values)
  const [provider] = standard.split(':')
  const needs =
    (provider === 'openai' && openai === undefined && 'OPENAI_API_KEY or OPENAI_BASE_URL') ||
    (provider === 'anthropic' && anthropic === undefined && 'ANTHROPIC_API_KEY') ||
    (provider === 'ollama' && ollamaUrl === undefined && 'OLLAMA_URL')
  return needs ? [`GATEHOUSE_MODEL is ${standard}, which needs ${needs}`] : []
}

function openaiServer({ OPENAI_BASE_URL: url, OPENAI_API_KEY: apiKey }: Values): OpenaiServer | undefined {
  if (apiKey === undefined && url === OPENAI_URL) return undefined
  return {
    baseUrl: url.replace(/\/+$/, ''),
    apiKey: apiKey === undefined ? undefined : new Secret(apiKey),
  }
}
