// add_document: takes a text in, whole and at once; when it answers, searches find it.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import type { Embedder } from '../../platform/models/embedder.ts'
import { fault, type FieldIssue } from '../../platform/faults.ts'
import { storableText } from '../../platform/storable-text.ts'
import { prepareDocument } from './prepare-document.ts'
import { publishDocument } from './publish-document.ts'

const MAX_BYTES = 1_048_576

const input = z.strictObject({
  title: z.string().min(1).max(500),
  content: z.string().min(1).max(MAX_BYTES).describe('The whole text, at most 1 MB.'),
  format: z
    .enum(['text', 'markdown'])
    .default('text')
    .describe('With markdown, passages are cut at headings and carry their path.'),
  external_id: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('Your own key for the document; unique within the tenant.'),
  labels: z.array(z.string().min(1).max(100)).max(50).optional(),
})

export interface AddDocumentDeps {
  readonly embedder: Embedder
}

export function addDocument({ embedder }: AddDocumentDeps) {
  return defineOperation({
    name: 'add_document',
    title: 'Add a document',
    description:
      'Adds a text or Markdown document to the tenant. Once it answers, the document can be searched.',
    realm: 'tenant',
    access: 'write',
    scope: 'documents:write',
    input,
    output: z.strictObject({
      document_id: z.string(),
      version: z.int(),
      chunks: z.int().describe('Passages it was cut into.'),
      cleaned: z
        .boolean()
        .describe('Whether characters were removed that no text can hold (NUL, lone surrogates).'),
    }),
    async run(given, call) {
      refuse(unfit(given))
      const draft = { ...given, externalId: given.external_id ?? null, labels: given.labels ?? [] }
      const document = await prepareDocument(draft, embedder, call.signal)
      const id = await call.write(async tx => {
        const published = await publishDocument(tx, call.principal.tenantId, document)
        call.about(`document:${published}`)
        return published
      })
      return { document_id: id, version: 1, chunks: document.chunks.length, cleaned: document.cleaned }
    },
  })
}

/** What the schema cannot say. Keys are refused where texts are cleaned: a changed key would be another key. */
function unfit({ title, content, external_id, labels = [] }: z.output<typeof input>): FieldIssue[] {
  const issues: FieldIssue[] = []
  const bytes = Buffer.byteLength(content)
  if (bytes > MAX_BYTES) {
    issues.push({ field: 'content', message: `content must have at most ${MAX_BYTES} bytes, got ${bytes}` })
  }
  for (const [field, text] of [
    ['title', title],
    ['content', content],
  ] as const) {
    if (storableText(text).text.trim() === '') issues.push({ field, message: `${field} must not be blank` })
  }
  const keys = [
    ['external_id', external_id ?? ''] as const,
    ...labels.map((label, at) => [`labels.${at}`, label] as const),
  ]
  for (const [field, text] of keys) {
    if (storableText(text).cleaned)
      issues.push({ field, message: `${field} must be well-formed text without NUL` })
  }
  return issues
}

function refuse(issues: readonly FieldIssue[]): void {
  if (issues.length > 0)
    throw fault('invalid_input', { issues, say: issues.map(({ message }) => message).join('; ') })
}
