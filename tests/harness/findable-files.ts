// The sound sample files and a PDF of long pages, each with a word that stands in it and the place a hit must name.
import { pdfOf, soundFiles, type SampleFile } from './sample-files.ts'

/** Pages of several passages each. */
const PAGES = ['dunlin', 'petrel', 'narwhal', 'auk'].map(word =>
  Array.from({ length: 40 }, (_, at) => `Line ${at} of this page is about other things than most.`)
    .toSpliced(20, 0, `Here stands the ${word}.`)
    .join('\n'),
)
export function findableFiles(): SampleFile[] {
  return [...soundFiles(), { name: 'pages.pdf', bytes: pdfOf(PAGES), expect: 'ok' }]
}

export interface Sought {
  readonly word: string
  readonly title: string
  readonly type: string
  readonly heading?: string
  readonly page?: number
}

export const SOUGHT: Record<string, Sought> = {
  'notes.md': { word: 'lighthouse', title: 'notes', type: 'markdown', heading: 'Harbour' },
  'notes.txt': { word: 'ferry', title: 'notes', type: 'text' },
  'page.html': { word: 'noon', title: 'Tides', type: 'html', heading: 'Tide table' },
  'people.csv': { word: 'elder', title: 'people', type: 'csv' },
  'ship.json': { word: 'timber', title: 'ship', type: 'json' },
  'log.ndjson': { word: 'moored', title: 'log', type: 'json' },
  'report.pdf': { word: 'sails', title: 'Annual report', type: 'pdf', page: 1 },
  'pages.pdf': { word: 'narwhal', title: 'pages', type: 'pdf', page: 3 },
  'contract.docx': { word: 'spring', title: 'Supply contract', type: 'docx', heading: 'Delivery > Dates' },
  'budget.xlsx': { word: 'captain', title: 'budget', type: 'xlsx', page: 2 },
  'talk.pptx': { word: 'winds', title: 'talk', type: 'pptx', page: 2 },
  '../../etc/x.md': { word: 'elsewhere', title: 'x', type: 'markdown', heading: 'Elsewhere' },
  'upward.docx': { word: 'climbs', title: 'upward', type: 'docx' },
  'deep.html': { word: 'bottom', title: 'deep', type: 'html' },
  'line.html': { word: 'line', title: 'line', type: 'html' },
}
