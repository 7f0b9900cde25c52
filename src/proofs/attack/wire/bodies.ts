// DS01–DS03: bodies that are large, deep or packed. What is sent is bounded: some 10 MB over all of it.
import { type Attack, judged, type Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'

const MIB = 1024 * 1024

function* pieces(count: number, piece: string): Generator<string> {
  for (let n = 0; n < count; n++) yield piece
}

async function stillAnswers({ mcp, a }: Ground): Promise<Problem> {
  const { status } = await mcp.call('list_documents', { limit: 1 }, a.token)
  return status === 200 ? undefined : `afterwards a plain call got ${status}`
}

export const largeBodies: Attack = {
  id: 'DS01',
  title: 'a body of 5 MiB announced, one that is sent in pieces, one that lies about its length',
  async run(ground) {
    const { a, wire } = ground
    const post = { method: 'POST', path: '/mcp', token: a.token }
    const announced = await wire.send({ ...post, body: 'x', headers: { 'content-length': String(5 * MIB) } })
    const streamed = await wire.send({ ...post, body: pieces(96, 'x'.repeat(65_536)) })
    const both = await wire.bytes(
      `POST /mcp HTTP/1.1\r\nHost: ${wire.host}\r\nAuthorization: Bearer ${a.token}\r\nContent-Type: application/json\r\n` +
        'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /mcp HTTP/1.1\r\n\r\n',
    )
    const status = /^HTTP\/1\.1 (\d+)/.exec(both)?.[1]
    return judged(
      [
        announced.status === 413 ? undefined : `5 MiB announced got ${announced.status}, not 413`,
        streamed.status === 413 ? undefined : `6 MiB in pieces got ${streamed.status}, not 413`,
        status === '400' || both === ''
          ? undefined
          : `two lengths at once got ${status ?? 'an odd answer'}, not 400`,
        await stillAnswers(ground),
      ],
      'refused, and the server goes on',
    )
  },
}

export const deepBodies: Attack = {
  id: 'DS02',
  title: 'a million brackets, an object 10,000 deep',
  async run(ground) {
    const { a, mcp } = ground
    const deep = `{"a":`.repeat(10_000)
    const answers = [
      await mcp.post('['.repeat(1_000_000), a.token),
      await mcp.post(`${deep}1${'}'.repeat(10_000)}`, a.token),
    ]
    const problems = answers.map(({ status }) => (status === 400 ? undefined : `got ${status}, not 400`))
    return judged([...problems, await stillAnswers(ground)], 'refused before they are parsed')
  },
}

export const packedBodies: Attack = {
  id: 'DS03',
  title: 'a compressed body',
  async run(ground) {
    const { a, wire } = ground
    const problems: Problem[] = []
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip']) {
      const { status } = await wire.send({
        method: 'POST',
        path: '/mcp',
        token: a.token,
        body: '\u001f\u008b\u0008',
        headers: { 'content-encoding': encoding },
      })
      problems.push(status === 415 ? undefined : `${encoding} got ${status}, not 415`)
    }
    return judged([...problems, await stillAnswers(ground)], 'refused with 415')
  },
}
