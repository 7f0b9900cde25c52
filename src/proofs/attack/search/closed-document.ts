// RL32: a document that is closed to a user of the same tenant.
import { type Attack, judged, notRun, type Problem } from '../attack.ts'

export const closedDocument: Attack = {
  id: 'RL32',
  title: 'a document closed to a colleague: direct, by search, in lists, in what was cached before',
  async run({ a, mcp, api, token }) {
    if (a.apiToken === undefined) return notRun('this deployment signs no tokens for /api')
    const documentId = a.objects.document
    const bert = (await token({ tenant: a.slug, user: 'bert' })).token
    const ada = (await token({ tenant: a.slug, user: 'ada', audience: 'api' })).token
    const query = { query: a.word }
    const before = await mcp.call('hybrid_search', query, bert)
    if (!before.body.includes(documentId)) return notRun('the colleague did not find it while it was open')
    const closing = { document: documentId, access: { users: ['ada'] } }
    const closed = await api('set_document_access', closing, ada)
    if (closed.status !== 200)
      return notRun(`it could not be closed (${closed.status} ${String(closed.output['detail'])})`)
    try {
      const problems: Problem[] = []
      for (const [tool, args] of [
        ['hybrid_search', query],
        ['search_documents', { query: `"${a.word}"` }],
        ['list_documents', { limit: 100 }],
        ['retrieve_document', { document_id: documentId }],
      ] as const) {
        const { body } = await mcp.call(tool, args, bert)
        const isShown = body.replaceAll(JSON.stringify(args), '').includes(`"${documentId}`)
        problems.push(isShown ? `${tool} still shows it to the colleague` : undefined)
      }
      const own = await mcp.call('retrieve_document', { document_id: documentId }, a.token)
      problems.push(own.isError ? 'who may read it cannot either' : undefined)
      return judged(problems, 'gone for the colleague with the next query')
    } finally {
      await api('set_document_access', { document: documentId, access: 'everyone' }, ada)
    }
  },
}
