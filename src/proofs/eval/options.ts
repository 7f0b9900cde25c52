// What can be asked of an evaluation, checked before anything is opened.
import { access, constants } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LANGUAGES, type Language } from '../../features/documents/text/language.ts'
import { fault, type Fault } from '../../platform/faults.ts'
import { MODES, type Mode } from './figures/score.ts'

/** As typed. */
export interface EvalOptions {
  readonly set?: string
  readonly limitQueries?: string
  readonly csv?: string
  readonly svg?: string
  readonly minNdcg?: string
  readonly of?: string
  readonly embeddings?: string
  readonly embeddingsModel?: string
  readonly tenant?: string
  readonly user?: string
  readonly language?: string
  readonly keep?: boolean
  readonly json?: boolean
}

export interface Wanted {
  readonly folder: string
  readonly limit: number | undefined
  readonly csv: string | undefined
  readonly svg: string | undefined
  readonly minimum: { readonly ndcg: number; readonly of: Mode } | undefined
  readonly isJson: boolean
  /** A tenant that is there, or what the evaluation's own ground is to be like. */
  readonly ground:
    | { readonly tenant: string; readonly user: string }
    | {
        readonly embeddings: string | undefined
        readonly embeddingsModel: string | undefined
        readonly language: Language | undefined
        readonly keep: boolean
      }
}

/** What only makes sense where the evaluation takes the documents in itself. */
const OF_OWN_GROUND = ['embeddings', 'embeddingsModel', 'language', 'keep'] as const

export async function wanted(options: EvalOptions): Promise<Wanted> {
  const { set, csv, svg, json = false } = options
  if (set === undefined) throw wrong('--set <folder> is missing: a folder with queries.jsonl and qrels.tsv.')
  for (const file of [csv, svg]) await refuseUnwritable(file)
  return {
    folder: set,
    limit: options.limitQueries === undefined ? undefined : countIn(options.limitQueries),
    csv,
    svg,
    minimum: minimumOf(options),
    isJson: json,
    ground: groundOf(options),
  }
}

function groundOf(options: EvalOptions): Wanted['ground'] {
  const { tenant, user, embeddings, embeddingsModel, language, keep = false } = options
  if (tenant !== undefined) {
    const odd = OF_OWN_GROUND.find(name => options[name] !== undefined)
    if (odd !== undefined)
      throw wrong(`--${kebab(odd)} is of no use with --tenant: the tenant is evaluated as it is.`)
    return { tenant, user: user ?? 'operator' }
  }
  if (user !== undefined) throw wrong('--user needs --tenant: the tenant whose user asks.')
  if (embeddingsModel !== undefined && embeddings === undefined)
    throw wrong('--embeddings-model needs --embeddings: the server that holds the model.')
  if (language !== undefined && !isLanguage(language))
    throw wrong(`--language must be one of ${LANGUAGES.join(', ')}.`)
  return { embeddings, embeddingsModel, language, keep }
}

function minimumOf({ minNdcg, of }: EvalOptions): Wanted['minimum'] {
  if (minNdcg === undefined) {
    if (of !== undefined) throw wrong('--of needs --min-ndcg: it says whose nDCG@10 is meant.')
    return undefined
  }
  const mode = of ?? 'hybrid'
  if (!isMode(mode)) throw wrong(`--of must be one of ${MODES.join(', ')}.`)
  const ndcg = /^\d*\.?\d+$/.test(minNdcg) ? Number(minNdcg) : Number.NaN
  if (!(ndcg <= 1)) throw wrong('--min-ndcg must be a number from 0 to 1.')
  return { ndcg, of: mode }
}

function countIn(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrong('--limit-queries must be a whole number above 0.')
  return Number(text)
}

/** Told before minutes of work, not after them. */
async function refuseUnwritable(file: string | undefined): Promise<void> {
  if (file === undefined) return
  const folder = dirname(resolve(file))
  await access(folder, constants.W_OK).catch((error: unknown) => {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    throw wrong(`Cannot write ${file}: ${folder} is not a folder that may be written (${code}).`)
  })
}

function isMode(text: string): text is Mode {
  return MODES.some(mode => mode === text)
}

function isLanguage(text: string): text is Language {
  return LANGUAGES.some(language => language === text)
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

function wrong(say: string): Fault {
  return fault('invalid_input', { say, reason: 'bad_option' })
}
