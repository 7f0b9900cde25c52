// `npm run check`: all that can be said about the code without running it. Every stage runs, so that one run names
// every fault. `--fix` writes what has one right answer: the format and the notices.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildPage } from '../bin/build-page.mjs'
import { bundleFaults, measureBundle } from './bundle.ts'
import { checkHygiene } from './check/hygiene.ts'
import { checkLayers } from './check/layers.ts'
import { checkSources } from './check/source-rules.ts'
import { checkWebSources } from './check/web-rules.ts'
import { checkConfigDocs, writeConfigDocs } from './config-docs.ts'
import { checkNotices, writeNotices } from './notices.ts'
import { checkWebTypes, writeWebTypes } from './web-types.ts'

interface Verdict {
  readonly faults: readonly string[]
  /** What was looked at, for the stages that would pass in silence if they looked at nothing. */
  readonly seen?: string
}

type Stage = () => Verdict | Promise<Verdict>

const root = join(import.meta.dirname, '..')
const fixes = process.argv.includes('--fix')

const stages: Record<string, Stage> = {
  format: () => tool('@biomejs/biome/bin/biome', 'format', ...(fixes ? ['--write'] : [])),
  lint: () => tool('oxlint/bin/oxlint', '--type-aware'),
  types: () => tool('typescript/bin/tsc', '--noEmit'),
  'web types': () => tool('typescript/bin/tsc', '--noEmit', '-p', 'web'),
  layers: async () => {
    const { modulesSeen, faults } = await checkLayers(root)
    const page = checkWebSources(root)
    return {
      faults: [...faults, ...checkSources(root), ...page.faults],
      seen: `${modulesSeen} modules, ${page.filesSeen} files of the page`,
    }
  },
  hygiene: () => {
    if (fixes) {
      writeNotices(root)
      writeConfigDocs(root)
      writeWebTypes(root)
    }
    return {
      faults: [
        ...checkHygiene(root),
        ...checkNotices(root),
        ...checkConfigDocs(root),
        ...checkWebTypes(root),
      ],
    }
  },
  bundle: async () => {
    await buildPage(root)
    const bundle = measureBundle(join(root, 'web', 'dist'))
    return { faults: bundleFaults(bundle), seen: bundle.report.at(-1) ?? '' }
  },
}

/** By its script, not by .bin: that would start whatever Node the PATH holds. */
function tool(script: string, ...args: string[]): Verdict {
  const run = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  const said = `${run.stdout}${run.stderr}`.trim()
  return {
    faults: run.status === 0 ? [] : [said || `${script} said nothing and ended with ${String(run.status)}`],
  }
}

async function judge(name: string, run: Stage): Promise<boolean> {
  const start = performance.now()
  const { faults, seen = '' } = await verdict(run)
  for (const fault of faults) console.error(fault)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${faults.length === 0 ? '✓' : '✗'} ${name.padEnd(9)} ${seconds} s  ${seen}`.trimEnd())
  return faults.length === 0
}

/** A stage that cannot finish has failed, and the next ones still run. */
async function verdict(run: Stage): Promise<Verdict> {
  try {
    return await run()
  } catch (error) {
    return { faults: [String(error)] }
  }
}

const failed: string[] = []
for (const [name, run] of Object.entries(stages)) {
  if (!(await judge(name, run))) failed.push(name)
}
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`)
  process.exitCode = 1
}
