// How long /livez takes at worst while the embedded database takes in large documents.
import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment } from './deployment.ts'
import { largeDocuments } from './large-documents.ts'
import { mcpClient } from './mcp-clients.ts'
import { NotRun, type Section } from './page.ts'
import { processorWait } from './processor-wait.ts'

const DOCUMENTS = 20
const BYTES = 150_000
const BOUND_MS = 100

interface Answer {
  readonly ms: number
  /** How much of it the server, or we, could have run but had no processor. */
  readonly waitedMs: number
}

export async function liveWhileIngesting(section: Section, gatehouse: Deployment): Promise<void> {
  const created = await gatehouse.command('tenant create bulk --name "Bulk Ltd"')
  section.shell('./bin/gatehouse.mjs tenant create bulk --name "Bulk Ltd"', created.output)
  section.say(
    `${DOCUMENTS} documents of ${BYTES / 1000} kB go in one after the other through add_document while /livez is asked every ` +
      '5 ms. The embedded database computes for seconds on end; it does so on a thread of its own. Linux counts how long ' +
      'threads wait for a processor, so that a machine busy with something else is not taken for a server that is.',
  )
  const documents = largeDocuments('live', DOCUMENTS, BYTES)
  const client = await mcpClient(gatehouse.url, await gatehouse.token('bulk'))
  let chunks = 0
  const start = performance.now()
  const ingesting = (async () => {
    for (const { title, content } of documents)
      chunks += Number((await client.call('add_document', { title, content }))['chunks'])
  })()
  const answers = await pollWhile(`${gatehouse.url}/livez`, gatehouse.serverPid(), ingesting)
  const seconds = (performance.now() - start) / 1000
  await client.close()
  const times = answers.map(({ ms }) => ms)
  const ownTimes = answers.map(({ ms, waitedMs }) => ms - waitedMs)
  section.block(
    'text',
    [
      `ingested: ${DOCUMENTS} documents, ${chunks} chunks in ${seconds.toFixed(1)} s`,
      line('/livez while ingesting', times),
      line('without waiting for a processor', ownTimes),
    ].join('\n'),
  )
  section.claim('all documents were taken in', chunks > DOCUMENTS)
  const slowest = `the slowest of ${times.length} answers of /livez during ingestion took ${max(times)} ms`
  if (max(times) >= BOUND_MS && max(ownTimes) < BOUND_MS) {
    const without = `without the time in which the machine had no processor for it, ${max(ownTimes)} ms`
    throw new NotRun(`this machine was too busy to tell: ${slowest}; ${without}`)
  }
  section.claim(`${slowest}, less than ${BOUND_MS}`, max(times) < BOUND_MS)
}

/** Asks until the work ends. */
async function pollWhile(url: string, pid: number, work: Promise<unknown>): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true })
  const answers: Answer[] = []
  const waits = [processorWait(pid), processorWait(process.pid)]
  const waited = (): number => waits.reduce((sum, wait) => sum + wait.sinceLast(), 0)
  let isDone = false
  const ended = work.finally(() => (isDone = true))
  while (!isDone) {
    waited()
    const start = performance.now()
    await answered(url, agent)
    const ms = performance.now() - start
    answers.push({ ms, waitedMs: Math.min(ms, waited()) })
    await Promise.race([sleep(5), ended])
  }
  agent.destroy()
  await ended
  return answers
}

function answered(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, timeout: 30_000 }, answer => answer.resume().once('end', resolve)).once('error', reject)
  })
}

function line(what: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
  return `${what.padEnd(32)}${times.length} answers, median ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${max(times)} ms`
}

function max(times: readonly number[]): number {
  return Number(Math.max(0, ...times).toFixed(1))
}
