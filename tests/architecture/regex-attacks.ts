// How a regular expression behaves when somebody wants it to be slow. A static checker passes most; what it cannot
// pass is run against strings made for it (a prefix, a repeated piece, an end that does not match), each in a context
// that stops it when it has used a hundred times as much of the processor as a linear one does, three times in a row.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { parse } from '@swc/core'
import { isSafe } from 'redos-detector'

export interface Literal {
  readonly file: string
  readonly source: string
  readonly flags: string
}

/**
 * Every literal of the sources below `folder`, from the syntax tree, each once however often it is written; and the files
 * that build expressions of strings.
 */
export async function expressionsOf(
  folder: string,
): Promise<{ readonly literals: Literal[]; readonly builders: string[] }> {
  const literals = new Map<string, Literal>()
  const builders = new Set<string>()
  const files = globSync('**/*.ts', { cwd: folder }).filter(file => !file.endsWith('.test.ts'))
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8')
    const tree = await parse(text, { syntax: 'typescript', target: 'es2024' })
    visit(tree, node => {
      if (node['type'] === 'RegExpLiteral') {
        const literal = { file, source: String(node['pattern']), flags: String(node['flags']) }
        // What only reads our own answers may be slower: where it is written elsewhere too, that place counts.
        const before = literals.get(written(literal))
        if (before === undefined || before.file.startsWith('proofs/')) literals.set(written(literal), literal)
      }
      const callee = node['callee'] as Record<string, unknown> | undefined
      if (callee?.['value'] === 'RegExp') builders.add(file)
    })
  }
  return { literals: [...literals.values()], builders: [...builders].toSorted() }
}

/** As it stands in a source. */
export const written = ({ source, flags }: Pick<Literal, 'source' | 'flags'>): string => `/${source}/${flags}`

function visit(node: unknown, see: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) node.forEach(inner => visit(inner, see))
  else if (typeof node === 'object' && node !== null) {
    see(node as Record<string, unknown>)
    Object.values(node).forEach(inner => visit(inner, see))
  }
}

/**
 * True when the checker proves that backtracking is bounded, whatever the text. False proves nothing. Of our expressions
 * five times as many steps prove four more, for three times the time.
 */
export function isProvenSafe(expression: RegExp): boolean {
  try {
    return isSafe(expression, { maxScore: 200, maxSteps: 1_000, timeout: 500 }).safe
  } catch {
    // It knows no expressions that are both caseless and Unicode.
    return false
  }
}

/** Longer than any bound that is claimed; a quadratic expression takes a second for it, a linear one a millisecond. */
export const LONG = 50_000
/** Of the processor's time: a machine that is busy elsewhere makes nothing slow. */
const PATIENCE_MS = 200
/** Far more than anything needs to get that much of the processor. */
const LIMIT_MS = 20_000
/** What is slow is so every time. */
const TIMES = 3

/** The first attack that takes too long on texts of that length, `times` times in a row, or undefined. */
export function slowAttack(
  { source, flags }: Omit<Literal, 'file'>,
  length = LONG,
  times = TIMES,
): string | undefined {
  const context = createContext({
    expression: new RegExp(source, flags.replace(/[gy]/g, '')),
    texts: [] as string[],
  })
  const run = new Script('for (const text of texts) expression.test(text)')
  const areSlow = (texts: readonly string[]): boolean => {
    context['texts'] = texts
    for (let limit = PATIENCE_MS; limit < LIMIT_MS; ) {
      const before = process.threadCpuUsage()
      const isStopped = stopped(() => void run.runInContext(context, { timeout: limit }))
      const { user, system } = process.threadCpuUsage(before)
      const used = (user + system) / 1_000
      if (used >= PATIENCE_MS * 0.9) return true
      if (!isStopped) return false
      // As long as it takes to get that much, at the rate at which it got what it had.
      limit = Math.ceil(limit * Math.max(1.5, (1.2 * PATIENCE_MS) / Math.max(used, 5)))
    }
    return true
  }
  // Several at once, until some of them are slow together: beginning a run with a time limit takes longer than what most
  // of them do in it.
  const all = [...attacks(source, length)]
  for (let from = 0, atOnce = times === 1 ? 1 : 10; from < all.length; ) {
    const some = all.slice(from, from + atOnce)
    if (!areSlow(some.map(({ text }) => text))) from += some.length
    else if (some.length > 1) atOnce = 1
    else if (Array.from({ length: times - 1 }).every(() => areSlow(some.map(({ text }) => text))))
      return some[0]?.said
    else from += 1
  }
  return undefined
}

/** Whether it took longer than its limit. */
function stopped(running: () => void): boolean {
  try {
    running()
    return false
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return true
    throw error
  }
}

function* attacks(source: string, length: number) {
  const letters = alphabet(source)
  const pieces = [...letters, ...letters.flatMap(one => letters.map(other => one + other)), ...words(source)]
  for (const piece of pieces) {
    const isLetter = piece.length === 1
    for (const prefix of isLetter ? ['', ...letters, 'a:', 'a='] : ['']) {
      for (const end of isLetter && prefix === '' ? ['', '\u0001', 'a', '\n.'] : ['\u0001']) {
        const text = prefix + piece.repeat(Math.floor(length / piece.length)) + end
        yield {
          text,
          said: `${JSON.stringify(prefix)} + ${JSON.stringify(piece)} × n + ${JSON.stringify(end)}`,
        }
      }
    }
  }
}

/** What the expression itself is written with, and one of each usual class. */
function alphabet(source: string): string[] {
  const escaped = [...source.matchAll(/\\([^\w\s])/g)].map(([, letter = '']) => letter)
  const written = source
    .replaceAll(/\\[pP]\{[^}]*\}|\\u[0-9a-f]{4}|\\./gi, '')
    .replaceAll(/[\\^$*+?()[\]{}|]/g, '')
  return [...new Set(['a', ' ', '0', ...escaped, ...Array.from(written)])].slice(0, 9)
}

/** The words it is written with: an expression that begins with one begins anew at each. */
function words(source: string): string[] {
  const written = source.replaceAll(/\\[pP]\{[^}]*\}|\\u[0-9a-f]{4}|\\\w/gi, ' ')
  const found = [...written.matchAll(/[a-z/\\:_-]{2,}/gi)].map(([word]) => word.replaceAll('\\', ''))
  return found
    .filter(word => word !== '')
    .flatMap(word => [word, `${word} `])
    .slice(0, 12)
}
