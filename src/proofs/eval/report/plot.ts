// An evaluation as a picture: the sweep of weights as a curve, the modes as bars. Plain SVG that reads on light and on
// dark paper; no script, no font of its own.
import { MODES } from '../figures/score.ts'
import type { Evaluation } from './evaluation.ts'

const WIDTH = 880
const HEIGHT = 400
const TOP = 84
const BOTTOM = 316
const CURVE = { left: 64, right: 460 }
const BARS = { left: 540, right: 856 }

const STYLE = `
  svg { --ink: #1b1f24; --faint: #59636e; --line: #d1d9e0; --paper: #ffffff; --a: #0b62c4; --b: #b35900; --c: #1a7f4b }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --paper: #0d1117; --a: #6cb0ff; --b: #f0a050; --c: #57c785 }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--ink) }
  .title { font-size: 17px; font-weight: 600 } .faint { fill: var(--faint) } .small { font-size: 11.5px }
  .middle { text-anchor: middle } .end { text-anchor: end }
  .grid { stroke: var(--line) } .curve { fill: none; stroke: var(--a); stroke-width: 2.5 }
  .dot { fill: var(--a) } .best { fill: var(--paper); stroke: var(--a); stroke-width: 2.5 }
  .a { fill: var(--a) } .b { fill: var(--b) } .c { fill: var(--c) }`

const MEASURES = [
  { name: 'nDCG@10', of: 'ndcg', colour: 'a' },
  { name: 'recall@100', of: 'recall', colour: 'b' },
  { name: 'MRR@10', of: 'reciprocalRank', colour: 'c' },
] as const

export function plotOf(evaluation: Evaluation): string {
  const { name, set, ground, embeddingModel } = evaluation
  const about = [
    `${set.queries.length} queries`,
    ground.loaded === undefined ? `tenant ${ground.tenant}` : `${ground.loaded.documents} documents`,
    embeddingModel === undefined ? 'no vectors' : `vectors of ${embeddingModel}`,
  ].join(', ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escaped(`Search quality on ${name}: ${about}`)}</title><style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" style="fill:var(--paper)"/>`,
    label(24, 34, escaped(`Search quality on ${short(name)}`), 'title'),
    label(24, 56, escaped(short(about)), 'faint'),
    curve(evaluation),
    bars(evaluation),
    '</svg>\n',
  ].join('\n')
}

function curve({ figures: { sweep, best } }: Evaluation): string {
  const { low, high, step } = range(sweep.map(({ ndcg }) => ndcg))
  const x = (weight: number): number => CURVE.left + weight * (CURVE.right - CURVE.left)
  const y = (value: number): number => BOTTOM - ((value - low) / (high - low)) * (BOTTOM - TOP)
  const points = sweep.map(({ wordWeight, ndcg }) => `${round(x(wordWeight))},${round(y(ndcg))}`)
  const dots = sweep.map(
    ({ wordWeight, ndcg }) =>
      `<circle class="dot" cx="${round(x(wordWeight))}" cy="${round(y(ndcg))}" r="3"/>`,
  )
  const lines = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, at) => low + at * step)
  const anchor = best.wordWeight < 0.2 ? 'start' : best.wordWeight > 0.8 ? 'end' : 'middle'
  return [
    ...lines.map(value => gridLine(CURVE, y(value), value.toFixed(step < 0.1 ? 2 : 1))),
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].map(at => label(x(at), BOTTOM + 20, at.toFixed(1), 'faint small middle')),
    `<polyline class="curve" points="${points.join(' ')}"/>`,
    ...dots,
    `<circle class="best" cx="${round(x(best.wordWeight))}" cy="${round(y(best.ndcg))}" r="5"/>`,
    label(x(best.wordWeight), y(best.ndcg) - 12, `best ${best.ndcg.toFixed(3)}`, `small ${anchor}`),
    label(CURVE.left, BOTTOM + 42, 'nDCG@10 by the weight of words', ''),
    label(
      CURVE.left,
      BOTTOM + 62,
      '0: vectors alone; 1: words alone; the best is chosen on these queries',
      'faint small',
    ),
  ].join('\n')
}

function bars({ figures }: Evaluation): string {
  const y = (value: number): number => BOTTOM - value * (BOTTOM - TOP)
  const group = (BARS.right - BARS.left) / MODES.length
  const width = (group - 20) / MEASURES.length
  const drawn = MODES.flatMap((mode, at) => {
    const left = BARS.left + at * group + 10
    return [
      ...MEASURES.flatMap(({ of, colour }, nth) => {
        const value = figures.modes[mode][of]
        const x = left + nth * width
        return [
          `<rect class="${colour}" x="${round(x)}" y="${round(y(value))}" width="${round(width - 3)}" height="${round(BOTTOM - y(value))}"/>`,
          label(x + (width - 3) / 2, y(value) - 5, value.toFixed(2).replace(/^0/, ''), 'small middle'),
        ]
      }),
      label(left + (group - 20) / 2, BOTTOM + 20, mode, 'middle'),
    ]
  })
  return [
    ...[0, 0.25, 0.5, 0.75, 1].map(value => gridLine(BARS, y(value), value.toFixed(2))),
    ...drawn,
    ...MEASURES.flatMap(({ name, colour }, at) => [
      `<rect class="${colour}" x="${BARS.left + at * 106}" y="${BOTTOM + 34}" width="11" height="11"/>`,
      label(BARS.left + at * 106 + 17, BOTTOM + 44, name, 'small'),
    ]),
    label(BARS.left, BOTTOM + 62, 'hybrid: words and vectors weigh alike', 'faint small'),
  ].join('\n')
}

function gridLine({ left, right }: typeof CURVE, y: number, text: string): string {
  return `<line class="grid" x1="${left}" x2="${right}" y1="${round(y)}" y2="${round(y)}"/>${label(left - 8, y + 4, text, 'faint small end')}`
}

/** Round figures around all values, at least a tenth apart. */
function range(values: readonly number[]): { low: number; high: number; step: number } {
  const span = Math.max(...values) - Math.min(...values)
  const step = span > 0.3 ? 0.1 : span > 0.12 ? 0.05 : 0.02
  const low = Math.floor(Math.min(...values) / step) * step
  const high = Math.ceil(Math.max(...values) / step + 0.25) * step
  return { low, high: Math.max(high, low + 3 * step), step }
}

/** `text` is escaped already, or digits. */
function label(x: number, y: number, text: string, style: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}">${text}</text>`
}

function short(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
