// Runs the rules of .dependency-cruiser.mjs over a tree's src/, adds the one that needs a look into files
// (feature to feature), and does not believe a cruise that missed a file.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult, type IModule, type IReporterOutput } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'

export interface LayerReport {
  readonly modulesSeen: number
  /** "rule: file → file. What to do instead." */
  readonly faults: readonly string[]
}

const RULES = join(import.meta.dirname, '../..', '.dependency-cruiser.mjs')

export async function checkLayers(root: string): Promise<LayerReport> {
  const rules = await extractDepcruiseOptions(RULES)
  const { modules, summary } = asResult((await cruise(['src'], { ...rules, baseDir: root })).output)
  const seen = modules.filter(module => /^src\/.*\.ts$/.test(module.source))
  const lessons = new Map(rules.ruleSet?.forbidden?.map(({ name, comment }) => [name, comment]))
  const broken = summary.violations.map(({ rule, from, to, cycle }) =>
    fault(rule.name, [from, ...(cycle?.map(({ name }) => name) ?? [to])], lessons.get(rule.name)),
  )
  return {
    modulesSeen: seen.length,
    faults: [...unseenFiles(root, seen), ...broken, ...featureShortcuts(root, seen)],
  }
}

function fault(rule: string, path: readonly string[], lesson = ''): string {
  return `${rule}: ${path.join(' → ')}. ${lesson}`
}

/** A parser that gives up reports no violation: only files it saw are files it judged. */
export function unseenFiles(root: string, seen: readonly { source: string }[]): string[] {
  const onDisk = globSync('src/**/*.ts', { cwd: root })
  if (onDisk.length === 0) return ['every-file-is-seen: src/ has no file; a check of nothing proves nothing.']
  const sources = new Set(seen.map(module => module.source))
  return onDisk
    .filter(file => !sources.has(file))
    .map(file => fault('every-file-is-seen', [file], 'The cruiser did not read it.'))
}

/** A feature may use another's operations: files that its operations.ts lists and that call defineOperation. */
function featureShortcuts(root: string, modules: readonly IModule[]): string[] {
  const isListed = (target: string, feature: string): boolean =>
    modules
      .find(module => module.source === `src/features/${feature}/operations.ts`)
      ?.dependencies.some(dependency => dependency.resolved === target) ?? false
  const isOperation = (target: string): boolean =>
    /\bdefineOperation\s*[<(]/.test(readFileSync(join(root, target), 'utf8'))

  const edges = modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => ({
      source,
      resolved,
      from: featureOf(source),
      to: featureOf(resolved),
    })),
  )
  return edges
    .filter(({ from, to }) => from !== undefined && to !== undefined && from !== to)
    .filter(({ resolved, to = '' }) => !isListed(resolved, to) || !isOperation(resolved))
    .map(({ source, resolved }) =>
      fault(
        'features-meet-at-operations',
        [source, resolved],
        'Import an operation (made by defineOperation, listed in its operations.ts), never rules or queries.',
      ),
    )
}

function featureOf(path: string): string | undefined {
  return /^src\/features\/([^/]+)\//.exec(path)?.[1]
}

function asResult(output: IReporterOutput['output']): ICruiseResult {
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output}`)
  return output
}
