// Where the steps of a workflow stand when they are drawn: from left to right, each behind all it needs. Pure.
import type { DeclaredStep } from '../../../../../src/protocols/client/task/task-view.ts'

export interface Placed<Step> {
  readonly step: Step
  /** From 0: how many steps at most come before it, one behind the other. */
  readonly column: number
  /** From 0, from above; a half where columns differ in height, so that they are centred. */
  readonly row: number
}

export interface Edge {
  readonly from: string
  readonly to: string
}

export interface GraphLayout<Step> {
  readonly nodes: readonly Placed<Step>[]
  readonly edges: readonly Edge[]
  readonly columns: number
  readonly rows: number
}

/** Steps it does not know are ignored as needs, and so is a need that leads in a circle. */
export function layoutGraph<Step extends DeclaredStep>(steps: readonly Step[]): GraphLayout<Step> {
  const columnOf = columnsOf(steps)
  const columns: Step[][] = []
  for (const step of steps) (columns[columnOf.get(step.name) ?? 0] ??= []).push(step)
  const rowOf = new Map<string, number>()
  const rows = Math.max(0, ...columns.map(column => column.length))
  const nodes = columns.flatMap((column, at) => {
    const sorted = byNeighbours(column, rowOf)
    const above = (rows - sorted.length) / 2
    return sorted.map((step, index): Placed<Step> => {
      rowOf.set(step.name, above + index)
      return { step, column: at, row: above + index }
    })
  })
  const edges = steps.flatMap(({ name, after }) =>
    [...new Set(after)]
      .filter(from => (columnOf.get(from) ?? Number.POSITIVE_INFINITY) < (columnOf.get(name) ?? 0))
      .map(from => ({ from, to: name })),
  )
  return { nodes, edges, columns: columns.length, rows }
}

function columnsOf(steps: readonly DeclaredStep[]): ReadonlyMap<string, number> {
  const byName = new Map(steps.map(step => [step.name, step]))
  const columns = new Map<string, number>()
  const place = (step: DeclaredStep, path: ReadonlySet<string>): number => {
    const known = columns.get(step.name)
    if (known !== undefined) return known
    const within = new Set([...path, step.name])
    const before = step.after.flatMap(name => {
      const needed = byName.get(name)
      return needed === undefined || within.has(name) ? [] : [place(needed, within)]
    })
    const column = 1 + Math.max(-1, ...before)
    columns.set(step.name, column)
    return column
  }
  for (const step of steps) place(step, new Set())
  return nextToWhatNeedsThem(steps, columns)
}

/** As far to the right as they can: a line to a step far away would run behind those between. */
function nextToWhatNeedsThem(
  steps: readonly DeclaredStep[],
  columns: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const moved = new Map(columns)
  const fromTheRight = steps.toSorted((a, b) => (columns.get(b.name) ?? 0) - (columns.get(a.name) ?? 0))
  for (const { name } of fromTheRight) {
    const column = columns.get(name) ?? 0
    const needing = steps
      .filter(step => step.after.includes(name) && (columns.get(step.name) ?? 0) > column)
      .map(step => moved.get(step.name) ?? 0)
    if (needing.length > 0) moved.set(name, Math.min(...needing) - 1)
  }
  return moved
}

/** Beside what they need, so that few lines cross; otherwise as they were declared. */
function byNeighbours<Step extends DeclaredStep>(
  column: readonly Step[],
  rowOf: ReadonlyMap<string, number>,
): Step[] {
  const middle = ({ after }: Step): number => {
    const rows = after.flatMap(name => rowOf.get(name) ?? [])
    return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length
  }
  return column.toSorted((one, other) => middle(one) - middle(other))
}
