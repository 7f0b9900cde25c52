// An artifact as a file: what kind it is, what it holds as text, and a name to keep it under. Pure.
import type { TaskPart } from '../../../../../src/protocols/client/task/task-shape.ts'

export type PartKind = 'markdown' | 'csv' | 'json' | 'text'

/** By what is said of it, else by its name; text of a model that says nothing is Markdown. */
export function kindOf({ data, media_type = '', filename = '' }: TaskPart, name = ''): PartKind {
  if (data !== undefined) return 'json'
  const told = `${media_type} ${extensionOf(filename === '' ? name : filename)}`.toLowerCase()
  if (told.includes('csv')) return 'csv'
  if (told.includes('json')) return 'json'
  if (told.includes('plain') || told.includes('txt')) return 'text'
  return 'markdown'
}

/** What there is to read and to copy; JSON laid out. */
export function textOf(part: TaskPart): string {
  if (part.data !== undefined) return JSON.stringify(part.data, undefined, 2)
  const { text = '' } = part
  return kindOf(part) === 'json' ? laidOut(text) : text
}

export interface ArtifactFile {
  readonly name: string
  readonly type: string
  readonly text: string
}

const FILES: Record<PartKind, readonly [ending: string, type: string]> = {
  markdown: ['md', 'text/markdown'],
  csv: ['csv', 'text/csv'],
  json: ['json', 'application/json'],
  text: ['txt', 'text/plain'],
}

/** The whole artifact; of several parts of different kinds, one text. */
export function fileOf(name: string, parts: readonly TaskPart[]): ArtifactFile {
  const kinds = new Set(parts.map(part => kindOf(part, name)))
  const [kind = 'text'] = kinds.size === 1 ? kinds : (['text'] as const)
  const [ending, type] = FILES[kind]
  const given = parts.find(({ filename }) => filename !== undefined)?.filename
  return {
    name: fileName(given ?? name, ending),
    type: `${type};charset=utf-8`,
    text: parts.map(textOf).join(kind === 'markdown' || kind === 'csv' ? '' : '\n\n'),
  }
}

const LONGEST_NAME = 100
/** Endings that no system runs or opens as a page; a model may have chosen any other one. */
const PLAIN_ENDINGS = new Set([
  'md',
  'markdown',
  'txt',
  'text',
  'csv',
  'tsv',
  'json',
  'jsonl',
  'yaml',
  'yml',
  'log',
])

/** Nothing in it leads elsewhere, turns its direction, or makes a program of it. */
export function fileName(given: string, ending: string): string {
  const name = given
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replaceAll(/[/\\:*?"<>|]+/g, '-')
    .replace(/^[.\s]+/, '')
    .trim()
    .slice(0, LONGEST_NAME)
  if (name === '') return `artifact.${ending}`
  return PLAIN_ENDINGS.has(extensionOf(name).toLowerCase()) ? name : `${name}.${ending}`
}

function extensionOf(name: string): string {
  return /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1] ?? ''
}

function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text) as unknown, undefined, 2)
  } catch {
    return text
  }
}
