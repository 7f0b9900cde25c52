// MC06: handles that the server gave to B, brought by A.
import { type Attack, judged, notRun } from '../attack.ts'

export const stateHandles: Attack = {
  id: 'MC06',
  title: "a page cursor and an upload of B's with A's token",
  async run({ a, b, mcp }) {
    const page = await mcp.call('list_documents', { limit: 1 }, b.token)
    const cursor = page.output['next_cursor']
    if (typeof cursor !== 'string') return notRun('B got no second page')
    const next = await mcp.call('list_documents', { limit: 50, cursor }, a.token)
    const piece = await mcp.call('upload_blob', { blob_id: b.objects.blob, offset: 0, data: 'AAAA' }, a.token)
    const taken = await mcp.call('add_document', { blob_id: b.objects.blob, name: 'taken.md' }, a.token)
    return judged(
      [
        next.body.includes(b.secret) || next.body.includes(b.objects.document)
          ? "B's cursor shows B's documents to A"
          : undefined,
        piece.isError ? undefined : "A could write to B's upload",
        taken.isError ? undefined : "A could take B's upload in as a document",
      ],
      'of no use to A',
    )
  },
}
