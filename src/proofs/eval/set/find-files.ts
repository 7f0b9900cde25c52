// Where the parts of a test collection lie in its folder (BEIR's layout, and what people make of it).
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../../platform/faults.ts'

const CORPUS = ['corpus.jsonl', 'corpus.jsonl.gz']
const QUERIES = ['queries.jsonl', 'queries.jsonl.gz']
const JUDGEMENTS = [
  'qrels.tsv',
  'qrels/test.tsv',
  'qrels.txt',
  'qrels/test.txt',
  'qrels.trec',
  'qrels/test.trec',
]

export interface SetFiles {
  /** Undefined where there is none: a golden set asks about documents that a tenant has already. */
  readonly corpus: string | undefined
  readonly queries: string
  readonly judgements: string
}

export async function findFiles(folder: string): Promise<SetFiles> {
  const what = await stat(folder).catch(() => undefined)
  if (what?.isDirectory() !== true) {
    throw fault('invalid_input', {
      reason: 'no_set',
      say: `--set ${folder} is not a folder: name one with corpus.jsonl, queries.jsonl and qrels.tsv.`,
    })
  }
  const need = async (names: readonly string[]): Promise<string> => {
    const file = await firstOf(folder, names)
    if (file !== undefined) return file
    throw fault('invalid_input', {
      reason: 'incomplete_set',
      say: `${folder} has none of ${names.join(', ')}.`,
    })
  }
  return {
    corpus: await firstOf(folder, CORPUS),
    queries: await need(QUERIES),
    judgements: await need(JUDGEMENTS),
  }
}

async function firstOf(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const file = join(folder, name)
    if ((await stat(file).catch(() => undefined))?.isFile() === true) return file
  }
  return undefined
}
