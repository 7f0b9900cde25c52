// The page that a transcript becomes: what was typed, what came back, and for each section the claims with a verdict.
// What differs from run to run (tokens, ids, ports, paths, times of day) is replaced, so that two runs read alike.

export interface Section {
  say(text: string): void
  /** A command and what it printed; long lines go on below. */
  shell(command: string, output: string): void
  /** Anything else worth seeing as it is; long lines are cut. */
  block(language: string, text: string): void
  /** A sentence that must hold; the section's verdict is that all of them do. */
  claim(sentence: string, holds: boolean): void
}

/** Thrown by a section that cannot run here: its verdict is NOT RUN, with the reason. */
export class NotRun extends Error {}

type Verdict = 'holds' | 'does not hold' | 'NOT RUN'

interface Written {
  readonly title: string
  readonly verdict: Verdict
  readonly why: string
  readonly seconds: number
  readonly body: string
}

export interface Page {
  /** Runs a section; what it throws is its verdict, and the next one still runs. */
  section(title: string, run: (section: Section) => Promise<void>): Promise<void>
  /** From here on, `text` is printed as `label`. */
  name(text: string, label: string): void
  /** The whole page. */
  markdown(introduction: string): string
  /** The sections that broke a claim, and those that did not run. */
  failed(): string[]
  notRun(): string[]
}

const WIDTH = 116
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g
const REPLACED: readonly [RegExp, string][] = [
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  [/\bkey-[0-9a-f]{24}\b/g, '<kid>'],
  [/\bgh[ko]_[\w-]+/g, '<api key>'],
  [/(\/app\/[a-z-]+#)[\w.-]+/g, '$1<code>'],
  [/^(id +)[\w-]{12}$/gm, '$1<key id>'],
  [/\b[0-9a-f]{64}\b/g, '<hash>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\bprocess \d+/g, 'process <pid>'],
  // Partitions are named after their tenant, their indexes after them, cut to what a name may have.
  [/\b([a-z_1]+_)[0-9a-f]{28,32}(?![0-9a-f])/g, '$1<tenant>'],
  [UUID, '<id>'],
]

export function transcriptPage(progress: (line: string) => void): Page {
  const written: Written[] = []
  const names = new Map<string, string>()
  const steady = (text: string): string => {
    let shown = text
    for (const [from, to] of [...names].sort(([a], [b]) => b.length - a.length))
      shown = shown.replaceAll(from, to)
    for (const [from, to] of REPLACED) shown = shown.replace(from, to)
    // Bytes among a statement's parameters would make the page a binary file.
    return shown.replace(/[^\P{Cc}\n\r\t]/gu, '·')
  }
  return {
    name: (text, label) => void names.set(text, label),
    async section(title, run) {
      const start = performance.now()
      const sheet = newSheet(steady)
      const ended = await run(sheet.section).then(
        () => sheet.verdict(),
        (error: unknown) => outcome(error),
      )
      const seconds = (performance.now() - start) / 1000
      const why = steady(ended.why)
      written.push({ title, ...ended, why, seconds, body: sheet.body() })
      progress(`${mark(ended.verdict)} ${title}: ${ended.verdict}${why === '' ? '' : ` (${why})`}`)
    },
    markdown: introduction => [introduction, summary(written), ...written.map(toMarkdown)].join('\n'),
    failed: () => written.filter(({ verdict }) => verdict === 'does not hold').map(({ title }) => title),
    notRun: () => written.filter(({ verdict }) => verdict === 'NOT RUN').map(({ title }) => title),
  }
}

type Ended = Pick<Written, 'verdict' | 'why'>

function outcome(error: unknown): Ended {
  const why = error instanceof Error ? error.message : String(error)
  return { verdict: error instanceof NotRun ? 'NOT RUN' : 'does not hold', why }
}

function newSheet(steady: (text: string) => string) {
  const parts: string[] = []
  const claims: { sentence: string; holds: boolean }[] = []
  const fenced = (language: string, text: string, fitted: (line: string) => string): void => {
    const lines = steady(text).trimEnd().split('\n').map(fitted)
    // A document's own fence must not end ours.
    const fence = lines.some(line => line.startsWith('```')) ? '````' : '```'
    parts.push(`${fence}${language}\n${lines.join('\n')}\n${fence}\n`)
  }
  const section: Section = {
    say: text => void parts.push(`${wrapped(steady(text))}\n`),
    shell: (command, output) => fenced('console', `$ ${command}\n${output}`, broken),
    block: (language, text) => fenced(language, text, clipped),
    claim: (sentence, holds) => void claims.push({ sentence: steady(sentence), holds }),
  }
  const verdict = (): Ended => {
    const broken = claims.filter(({ holds }) => !holds).map(({ sentence }) => sentence)
    if (claims.length === 0) return { verdict: 'does not hold', why: 'nothing was claimed' }
    return { verdict: broken.length === 0 ? 'holds' : 'does not hold', why: broken.join('; ') }
  }
  const body = (): string => {
    const verdicts = claims.map(({ sentence, holds }) => wrapped(`- ${holds ? '✓' : '✗'} ${sentence}`, '  '))
    return [...parts, verdicts.join('\n')].join('\n')
  }
  return { section, verdict, body }
}

function summary(written: readonly Written[]): string {
  const rows = written.map(
    ({ title, verdict, seconds }) => `| ${title} | ${mark(verdict)} ${verdict} | ${seconds.toFixed(0)} s |`,
  )
  const missing = written
    .filter(({ verdict }) => verdict !== 'holds')
    .map(({ title, verdict, why }) => wrapped(`**${verdict}: ${title}.** ${why}`))
  return [...missing, ['| what | verdict | took |', '|---|---|---|', ...rows].join('\n'), ''].join('\n\n')
}

function toMarkdown({ title, verdict, why, body }: Written): string {
  const unproven = verdict === 'holds' ? '' : `\n${wrapped(`**${verdict}**: ${why}`)}\n`
  return `## ${title}\n${unproven}\n${body}\n`
}

function mark(verdict: Verdict): string {
  return { holds: '✓', 'does not hold': '✗', 'NOT RUN': '–' }[verdict]
}

function clipped(line: string): string {
  const clean = line.trimEnd()
  return clean.length <= WIDTH ? clean : `${clean.slice(0, WIDTH - 2)} …`
}

/** Cut between words where there are words, else anywhere. */
function broken(line: string): string {
  const parts: string[] = []
  let rest = line.trimEnd()
  for (let width = WIDTH; rest.length > width; width = WIDTH - 4) {
    const space = rest.lastIndexOf(' ', width)
    const at = space > width / 2 ? space : width
    parts.push(rest.slice(0, at))
    rest = rest.slice(at).trimStart()
  }
  return [...parts, rest].join('\n    ')
}

function wrapped(text: string, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = `${indent}${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}
