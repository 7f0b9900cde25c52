// Writes `.env.example` and docs/CONFIGURATION.md from the schema of the settings. With --check it writes nothing and
// fails when one of them is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { SETTINGS } from '../src/platform/config.ts'

interface Setting {
  readonly name: string
  readonly fallback: string
  readonly accepts: string
  readonly says: string
  readonly secret: boolean
}

const settings = Object.entries(SETTINGS).map(([name, setting]) => described(name, setting))

function described(name: string, setting: { schema: z.ZodType; says: string; secret?: true }): Setting {
  const schema = z.toJSONSchema(setting.schema, { io: 'input', unrepresentable: 'any' }) as {
    default?: unknown
    enum?: string[]
  }
  return {
    name,
    fallback: schema.default === undefined ? '' : JSON.stringify(schema.default).replaceAll('"', ''),
    accepts: schema.enum?.join(', ') ?? '',
    says: setting.says,
    secret: setting.secret ?? false,
  }
}

function envExample(): string {
  const entries = settings.map(({ name, fallback, says, accepts }) => {
    const values = accepts === '' ? '' : ` One of: ${accepts}.`
    return `# ${says}${values}\n# ${name}=${fallback}`
  })
  return `# Every setting, at its default. Copy to .env, or set in the environment; each NAME may also be given as\n# NAME_FILE, the path of a file that holds the value. Generated: npm run docs\n\n${entries.join('\n\n')}\n`
}

function table(): string {
  const rows = settings.map(({ name, fallback, says, accepts, secret }) => {
    const values = accepts === '' ? '' : ` One of: ${accepts}.`
    return `| \`${name}\` | ${fallback === '' ? '–' : `\`${fallback}\``} | ${says}${values}${secret ? ' Secret.' : ''} |`
  })
  return `# Configuration\n\nAll settings are environment variables. Each may also be given as \`NAME_FILE\`, the path of a file that holds the\nvalue: use that for the secret ones. Mistakes are listed all at once when the server starts, and a misspelt\n\`GATEHOUSE_…\` is one of them.\n\nThis page and \`.env.example\` are generated from the schema in \`src/platform/config.ts\` by \`npm run docs\`.\n\n| Variable | Default | Meaning |\n|---|---|---|\n${rows.join('\n')}\n`
}

const targets = { '.env.example': envExample(), 'docs/CONFIGURATION.md': table() }
const stale: string[] = []
for (const [file, text] of Object.entries(targets)) {
  const path = new URL(`../${file}`, import.meta.url)
  if (process.argv.includes('--check')) {
    if (readOrEmpty(path) !== text) stale.push(file)
  } else {
    writeFileSync(path, text)
  }
}
if (stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}; run: npm run docs\n`)
  process.exitCode = 1
}

function readOrEmpty(path: URL): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
