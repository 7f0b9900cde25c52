// How long /livez takes at worst while the embedded database takes in large documents.
import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment } from './deployment.ts'
import { largeDocuments } from './large-documents.ts'
import { mcpClient } from './mcp-clients.ts'
import type { Section } from './page.ts'

const DOCUMENTS = 20
const BYTES = 150_000
const BOUND_MS = 100

export async function liveWhileIngesting(section: Section, gatehouse: Deployment): Promise<void> {
  const created = await gatehouse.command('tenant create bulk --name "Bulk Ltd"')
  section.shell('./bin/gatehouse.mjs tenant create bulk --name "Bulk Ltd"', created.output)
  section.say(
    `${DOCUMENTS} documents of ${BYTES / 1000} kB go in one after the other through add_document while /livez is asked ` +
      'every 5 ms. The embedded database computes for seconds on end; it does so on a thread of its own.',
  )
  const client = await mcpClient(gatehouse.url, await gatehouse.token('bulk'))
  const idle = await pollWhile(gatehouse.url, sleep(1_000))
  let chunks = 0
  const start = performance.now()
  const ingesting = (async () => {
    for (const { title, content } of largeDocuments('live', DOCUMENTS, BYTES)) {
      chunks += Number((await client.call('add_document', { title, content }))['chunks'])
    }
  })()
  const busy = await pollWhile(gatehouse.url, ingesting)
  const seconds = (performance.now() - start) / 1000
  await client.close()
  section.block(
    'text',
    [
      `ingested: ${DOCUMENTS} documents, ${chunks} chunks in ${seconds.toFixed(1)} s`,
      line('/livez idle', idle),
      line('/livez while ingesting', busy),
    ].join('\n'),
  )
  section.claim('all documents were taken in', chunks > DOCUMENTS)
  section.claim(
    `the slowest of ${busy.length} answers of /livez during ingestion took ${max(busy)} ms, less than ${BOUND_MS}`,
    max(busy) < BOUND_MS,
  )
}

/** Milliseconds of each answer until the work ends. */
async function pollWhile(url: string, work: Promise<unknown>): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  let isDone = false
  const ended = work.finally(() => (isDone = true))
  while (!isDone) {
    const start = performance.now()
    await answered(`${url}/livez`, agent)
    times.push(performance.now() - start)
    await Promise.race([sleep(5), ended])
  }
  agent.destroy()
  await ended
  return times
}

function answered(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, timeout: 30_000 }, answer => answer.resume().once('end', resolve)).once('error', reject)
  })
}

function line(what: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
  return `${what.padEnd(24)}${times.length} answers, median ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${max(times)} ms`
}

function max(times: readonly number[]): number {
  return Number(Math.max(0, ...times).toFixed(1))
}
