// The sample documents of one folder: Markdown files that open with a few lines of front matter.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../platform/faults.ts'
import type { DocumentDraft } from '../versions/prepare-document.ts'

export interface Sample {
  readonly externalId: string
  readonly labels: readonly string[]
  /** `embed` is false for the documents that show how one without vectors is found. */
  readonly draft: DocumentDraft & { readonly embed: boolean }
}

const FrontMatter = z.strictObject({
  title: z.string().min(1).max(500),
  external_id: z.string().min(1).max(500),
  labels: z.string().optional(),
  embed: z.enum(['true', 'false']).optional(),
})

/** In the order of the files' names. */
export async function readSamples(folder: string): Promise<Sample[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.md')).sort()
  return Promise.all(
    names.map(async name => sampleOf(join(folder, name), await readFile(join(folder, name), 'utf8'))),
  )
}

function sampleOf(file: string, text: string): Sample {
  const [whole, head] = /^---\r?\n([^]*?)\r?\n---\r?\n\s*/.exec(text) ?? []
  if (whole === undefined || head === undefined)
    throw unreadable(file, 'it must open with front matter between two lines of ---')
  const fields = head.split(/\r?\n/).map(line => /^([a-z_]+):\s*(.*)$/.exec(line) ?? [line, line, ''])
  const parsed = FrontMatter.safeParse(Object.fromEntries(fields.map(([, name, value]) => [name, value])))
  if (!parsed.success) throw unreadable(file, z.prettifyError(parsed.error))
  const { title, external_id, labels = '', embed } = parsed.data
  return {
    externalId: external_id,
    labels: labels
      .split(',')
      .map(label => label.trim())
      .filter(label => label !== ''),
    draft: { title, content: text.slice(whole.length), format: 'markdown', embed: embed !== 'false' },
  }
}

function unreadable(file: string, why: string) {
  return fault('invalid_input', { say: `The sample ${file} cannot be read: ${why}` })
}
