// How a regular expression behaves when somebody wants it to be slow. A static checker passes most; what it cannot
// pass is run against strings made for it (a prefix, a repeated piece, an end that does not match), each in a context
// that stops it when it has run for a hundred times as long as a linear one does, three times in a row.
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

/** Every literal of the sources below `folder`, from the syntax tree; and the files that build expressions of strings. */
export async function expressionsOf(
  folder: string,
): Promise<{ readonly literals: Literal[]; readonly builders: string[] }> {
  const literals: Literal[] = []
  const builders = new Set<string>()
  const files = globSync('**/*.ts', { cwd: folder }).filter(file => !file.endsWith('.test.ts'))
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8')
    const tree = await parse(text, { syntax: 'typescript', target: 'es2024' })
    visit(tree, node => {
      if (node['type'] === 'RegExpLiteral')
        literals.push({ file, source: String(node['pattern']), flags: String(node['flags']) })
      const callee = node['callee'] as Record<string, unknown> | undefined
      if (callee?.['value'] === 'RegExp') builders.add(file)
    })
  }
  return { literals, builders: [...builders].toSorted() }
}

function visit(node: unknown, see: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) node.forEach(inner => visit(inner, see))
  else if (typeof node === 'object' && node !== null) {
    see(node as Record<string, unknown>)
    Object.values(node).forEach(inner => visit(inner, see))
  }
}

/** True when the checker proves that backtracking is bounded, whatever the text. False proves nothing. */
export function isProvenSafe(expression: RegExp): boolean {
  try {
    return isSafe(expression, { maxScore: 200, maxSteps: 5_000, timeout: 500 }).safe
  } catch {
    // It knows no expressions that are both caseless and Unicode.
    return false
  }
}

/** Longer than any bound that is claimed; a quadratic expression takes a second for it, a linear one a millisecond. */
export const LONG = 50_000
const PATIENCE_MS = 150
/** A machine that is busy elsewhere is slow once; an expression that is slow is so every time. */
const TIMES = 3

/** The first attack that takes too long on texts of that length, or undefined. */
export function slowAttack({ source, flags }: Omit<Literal, 'file'>, length = LONG): string | undefined {
  const context = createContext({ expression: new RegExp(source, flags.replace(/[gy]/g, '')), text: '' })
  const run = new Script('expression.test(text)')
  const isSlow = (text: string): boolean => {
    context['text'] = text
    try {
      run.runInContext(context, { timeout: PATIENCE_MS })
      return false
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return true
      throw error
    }
  }
  for (const { text, said } of attacks(source, length)) {
    if (Array.from({ length: TIMES }).every(() => isSlow(text))) return said
  }
  return undefined
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
