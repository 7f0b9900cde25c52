// Which types of file are read, and what a file claims to be: by the end of its name, else by its declared media type.

export const FILE_TYPES = ['markdown', 'text', 'html', 'pdf', 'docx', 'xlsx', 'pptx', 'csv', 'json'] as const
export type FileType = (typeof FILE_TYPES)[number]

/** Macro-enabled files are read like the others: what is read is their text, and no macro runs. */
const BY_EXTENSION: Record<string, FileType> = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  txt: 'text',
  text: 'text',
  log: 'text',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  pdf: 'pdf',
  docx: 'docx',
  docm: 'docx',
  dotx: 'docx',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
  pptx: 'pptx',
  pptm: 'pptx',
  ppsx: 'pptx',
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
}

const OFFICE = 'application/vnd.openxmlformats-officedocument.'
const BY_MEDIA_TYPE: Record<string, FileType> = {
  'text/markdown': 'markdown',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'application/json': 'json',
  'application/x-ndjson': 'json',
  [`${OFFICE}wordprocessingml.document`]: 'docx',
  [`${OFFICE}spreadsheetml.sheet`]: 'xlsx',
  [`${OFFICE}presentationml.presentation`]: 'pptx',
}

/** The part of a file name after its last dot, in lower case; '' where there is none. */
export function extensionOf(label: string | null): string {
  return /\.([a-z0-9]{1,10})$/i.exec(label ?? '')?.[1]?.toLowerCase() ?? ''
}

/** `text/plain` claims nothing: servers and browsers say it of all they do not know. */
export function claimedType(label: string | null, mediaType: string | null): FileType | undefined {
  const declared = (mediaType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  return lookUp(BY_EXTENSION, extensionOf(label)) ?? lookUp(BY_MEDIA_TYPE, declared)
}

/** What comes from outside is never looked up on a prototype ("constructor"). */
function lookUp(table: Record<string, FileType>, key: string): FileType | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
