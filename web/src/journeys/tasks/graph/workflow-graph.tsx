// The steps of a task drawn: what needs what, how far it is, and the step that runs, moving. The timeline says the same
// in words.
import type { StepState, StepView } from '../../../../../src/protocols/client/task/task-view.ts'
import { type GraphLayout, layoutGraph, type Placed } from './layout-graph.ts'
import { titleLines } from './title-lines.ts'

const NODE = { width: 172, height: 46 }
const GAP = { x: 36, y: 14 }
const PAD = 4
const TITLE_WIDTH = 19

const LOOKS: Record<StepState, string> = {
  waiting: 'fill-card stroke-edge [stroke-dasharray:3_3]',
  running: 'fill-accent-ground stroke-accent',
  done: 'fill-good-ground stroke-good',
  failed: 'fill-wrong-ground stroke-wrong',
  canceled: 'fill-sunken stroke-edge',
}

const SIGNS: Record<StepState, string> = { waiting: '', running: '', done: '✓', failed: '✕', canceled: '–' }
const WORDS: Record<StepState, string> = {
  waiting: 'not begun',
  running: 'running',
  done: 'done',
  failed: 'failed',
  canceled: 'cancelled',
}

export function WorkflowGraph({ steps }: { readonly steps: readonly StepView[] }) {
  const layout = layoutGraph(steps)
  const width = layout.columns * (NODE.width + GAP.x) - GAP.x + 2 * PAD
  const height = layout.rows * (NODE.height + GAP.y) - GAP.y + 2 * PAD
  const words = steps.map(({ title, state }) => `${title}: ${WORDS[state]}`).join('; ')
  return (
    // A region that scrolls must be reachable by key (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section aria-label="Graph of the steps" tabIndex={0} className="overflow-x-auto">
      <svg role="img" aria-label={words} width={width} height={height} className="max-w-none">
        <Edges layout={layout} />
        {layout.nodes.map(node => (
          <Node key={node.step.name} node={node} />
        ))}
      </svg>
    </section>
  )
}

function Edges({ layout: { edges, nodes } }: { readonly layout: GraphLayout<StepView> }) {
  const byName = new Map(nodes.map(node => [node.step.name, node]))
  return edges.map(({ from, to }) => {
    const [start, end] = [byName.get(from), byName.get(to)]
    if (start === undefined || end === undefined) return null
    const [x1, y1] = [placeOf(start).x + NODE.width, placeOf(start).y + NODE.height / 2]
    const [x2, y2] = [placeOf(end).x, placeOf(end).y + NODE.height / 2]
    const bend = (x2 - x1) / 2
    const isGone = start.step.state === 'done' && end.step.state !== 'waiting'
    return (
      <path
        key={`${from} ${to}`}
        d={`M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
        fill="none"
        strokeWidth={1.5}
        className={isGone ? 'stroke-good' : 'stroke-edge opacity-60'}
      />
    )
  })
}

function Node({ node }: { readonly node: Placed<StepView> }) {
  const { title, state } = node.step
  const { x, y } = placeOf(node)
  const lines = titleLines(title, TITLE_WIDTH)
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width={NODE.width} height={NODE.height} rx={6} strokeWidth={1.5} className={LOOKS[state]}>
        <title>{`${title}: ${WORDS[state]}`}</title>
      </rect>
      <text
        x={30}
        y={NODE.height / 2 - (lines.length - 1) * 7}
        dominantBaseline="central"
        className={`text-xs ${state === 'waiting' ? 'fill-soft' : 'fill-ink'}`}
      >
        {lines.map((line, index) => (
          <tspan key={line} x={30} dy={index === 0 ? 0 : 14}>
            {line}
          </tspan>
        ))}
      </text>
      <text
        x={16}
        y={NODE.height / 2}
        dominantBaseline="central"
        textAnchor="middle"
        className="fill-ink text-xs"
      >
        {SIGNS[state]}
      </text>
      {state === 'running' && (
        <circle
          cx={16}
          cy={NODE.height / 2}
          r={6}
          fill="none"
          strokeWidth={2}
          strokeDasharray="26 12"
          className="origin-center animate-spin stroke-accent [transform-box:fill-box]"
        />
      )}
    </g>
  )
}

function placeOf({ column, row }: Placed<StepView>): { readonly x: number; readonly y: number } {
  return { x: PAD + column * (NODE.width + GAP.x), y: PAD + row * (NODE.height + GAP.y) }
}
