// OP03, OP06: what the public port tells about the inside.
import { type Attack, judged, type Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'

export const metricsExposed: Attack = {
  id: 'OP03',
  title: '/metrics, debug and administration paths on the public port',
  async run({ a, wire }) {
    const problems: Problem[] = []
    const paths = [
      '/metrics',
      '/debug',
      '/debug/pprof',
      '/admin',
      '/.env',
      '/.git/config',
      '/operations/list_tenants',
    ]
    for (const path of paths) {
      for (const token of [undefined, a.token]) {
        const { status } = await wire.send({ path, token })
        problems.push([401, 403, 404, 405].includes(status) ? undefined : `GET ${path} got ${status}`)
      }
    }
    return judged(problems, 'nothing there')
  },
}

export const verboseAnswers: Attack = {
  id: 'OP06',
  title: 'stacks, SQL, versions or addresses in errors and health',
  async run(ground: Ground) {
    const { wire, mcp, a } = ground
    const problems: Problem[] = []
    for (const path of ['/livez', '/readyz', '/health']) {
      const { body, headers } = await wire.send({ path })
      const words = /version|postgres|node|\d+\.\d+\.\d+|\/[a-z]+\/[a-z]+/i.exec(body)?.[0]
      problems.push(words === undefined ? undefined : `${path} says "${words}"`)
      const told = ['server', 'x-powered-by'].find(name => name in headers)
      problems.push(
        told === undefined ? undefined : `${path} answers with the header ${told}: ${headers[told] ?? ''}`,
      )
    }
    await mcp.call('no_such_tool', {}, a.token)
    await mcp.call('retrieve_document', { document_id: "' or 1=1--" }, a.token)
    await mcp.post('{"jsonrpc":', a.token)
    await wire.send({ path: '/%ff%fe' })
    await wire.send({ path: `/${'a/'.repeat(2_000)}` })
    return judged([...problems, ...wire.seen.verbose], 'no word of the inside in any refusal of this run')
  },
}
