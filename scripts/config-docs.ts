// `.env.example` and docs/CONFIGURATION.md, made from the schema of the settings. `npm run format` writes them,
// `npm run check` fails when one of them is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  return `# Every setting, at its default. To be set in the environment; each NAME may also be given as\n# NAME_FILE, the path of a file that holds the value. Generated: npm run format\n\n${entries.join('\n\n')}\n`
}

function table(): string {
  const rows = settings.map(({ name, fallback, says, accepts, secret }) => {
    const values = accepts === '' ? '' : ` One of: ${accepts}.`
    return `| \`${name}\` | ${fallback === '' ? '–' : `\`${fallback}\``} | ${says}${values}${secret ? ' Secret.' : ''} |`
  })
  return `# Configuration\n\nAll settings are environment variables. Each may also be given as \`NAME_FILE\`, the path of a file that holds the\nvalue: use that for the secret ones. Mistakes are listed all at once when the server starts; a\n\`GATEHOUSE_…\` that is not in this table is pointed out.\n\nThis page and \`.env.example\` are generated from the schema in \`src/platform/config.ts\` by \`npm run format\`.\n\n| Variable | Default | Meaning |\n|---|---|---|\n${rows.join('\n')}\n`
}

const pages = (): Record<string, string> => ({
  '.env.example': envExample(),
  'docs/CONFIGURATION.md': table(),
})

export function writeConfigDocs(root: string): void {
  for (const [file, text] of Object.entries(pages())) writeFileSync(join(root, file), text)
}

export function checkConfigDocs(root: string): string[] {
  return Object.entries(pages())
    .filter(([file, text]) => readOrEmpty(join(root, file)) !== text)
    .map(([file]) => `${file} is stale: run npm run format`)
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
