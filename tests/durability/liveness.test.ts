// The server answers while it works: probes get through during the largest ingestion there is, also on the embedded
// database, whose every query blocks a thread.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { longText } from '../acceptance/long-text.ts'
import { ENGINE, openDeployment, type Deployment } from '../acceptance/server-process.ts'
import { mcpCaller, type McpCaller } from '../acceptance/tool-caller.ts'

let deployment: Deployment
let caller: McpCaller
beforeAll(async () => {
  deployment = await openDeployment()
  await deployment.start()
  await deployment.json('tenant', 'create', 'acme')
  caller = mcpCaller(deployment, await deployment.token('acme'))
})
afterAll(() => deployment.close())

test('/livez answers all the while a document of 1 MB is added', async () => {
  const content = longText('mega', 1_070)
  expect(content.length).toBeGreaterThan(1_040_000)
  let isAdding = true
  const adding = caller
    .tool<{ chunks: number }>('add_document', { title: 'mega', content })
    .finally(() => (isAdding = false))
  const waits: number[] = []
  for (; isAdding; await sleep(10)) {
    const asked = performance.now()
    expect((await fetch(`${deployment.url}/livez`)).status).toBe(200)
    waits.push(performance.now() - asked)
  }
  expect((await adding).chunks).toBeGreaterThan(1_000)
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)
  console.log(
    `/livez on ${ENGINE}: ${waits.length} answers, median ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`,
  )
  expect(waits.length).toBeGreaterThan(10)
  expect(sorted.at(-1)).toBeLessThan(2_000)
})
