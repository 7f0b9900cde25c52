// What has changed between two texts, line by line: the fewest lines that went and came (Myers). Pure.

export interface Run {
  readonly kind: 'same' | 'gone' | 'new'
  readonly lines: readonly string[]
}

/** More changes than these would take long to find, and nobody could read them: all of it went and all of it came. */
const MOST_CHANGES = 1_500

export function lineDiff(before: readonly string[], after: readonly string[]): Run[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  const least = Math.min(before.length, after.length) - head
  while (tail < least && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  const middle = changed(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return joined([
    { kind: 'same', lines: before.slice(0, head) },
    ...middle,
    { kind: 'same', lines: before.slice(before.length - tail) },
  ])
}

function changed(before: readonly string[], after: readonly string[]): Run[] {
  const trace = shortest(before, after)
  if (trace === undefined) {
    return [
      { kind: 'gone', lines: before },
      { kind: 'new', lines: after },
    ]
  }
  const runs: Run[] = []
  let [x, y] = [before.length, after.length]
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const far = trace[depth] ?? new Int32Array()
    const at = (diagonal: number) => far[diagonal + depth + 1] ?? 0
    const diagonal = x - y
    const isDown = diagonal === -depth || (diagonal !== depth && at(diagonal - 1) < at(diagonal + 1))
    const fromX = depth === 0 ? 0 : isDown ? at(diagonal + 1) : at(diagonal - 1) + 1
    const fromY = fromX - diagonal
    if (x > fromX) runs.push({ kind: 'same', lines: before.slice(fromX, x) })
    ;[x, y] = [fromX, fromY]
    if (depth === 0) break
    if (isDown) runs.push({ kind: 'new', lines: after.slice(--y, y + 1) })
    else runs.push({ kind: 'gone', lines: before.slice(--x, x + 1) })
  }
  return runs.toReversed()
}

/** How far each diagonal came before each change; undefined where there are too many of them. */
function shortest(before: readonly string[], after: readonly string[]): Int32Array[] | undefined {
  const trace: Int32Array[] = []
  let far = new Int32Array(3)
  for (let depth = 0; depth <= MOST_CHANGES; depth++) {
    trace.push(far)
    const next = new Int32Array(2 * depth + 5)
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      const at = (one: number) => far[one + depth + 1] ?? 0
      const isDown = diagonal === -depth || (diagonal !== depth && at(diagonal - 1) < at(diagonal + 1))
      let x = depth === 0 ? 0 : isDown ? at(diagonal + 1) : at(diagonal - 1) + 1
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++
      next[diagonal + depth + 2] = x
      if (x >= before.length && x - diagonal >= after.length) return trace
    }
    far = next
  }
  return undefined
}

function joined(runs: readonly Run[]): Run[] {
  const out: Run[] = []
  for (const run of runs) {
    const last = out.at(-1)
    if (run.lines.length === 0) continue
    if (last?.kind === run.kind)
      out[out.length - 1] = { kind: run.kind, lines: [...last.lines, ...run.lines] }
    else out.push(run)
  }
  return out
}
