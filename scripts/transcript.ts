// `npm run transcript`: does everything the README claims, on a fresh clone, and writes what was typed, what came back
// and whether each claim held to docs/TRANSCRIPT.md. Ends with an error when a claim did not hold.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { agentAtWork } from './transcript/agent/agent-at-work.ts'
import { freshClone, ROOT } from './transcript/checkout.ts'
import { deployment } from './transcript/deployment.ts'
import { droppedPolicy } from './transcript/dropped-policy.ts'
import { folderOfFiles } from './transcript/folder-of-files.ts'
import { freshStart } from './transcript/fresh-start.ts'
import { killedIngestions } from './transcript/killed-ingestions.ts'
import { killedWhileIngesting } from './transcript/killed-while-ingesting.ts'
import { liveWhileIngesting } from './transcript/live-while-ingesting.ts'
import { mistakes } from './transcript/mistakes.ts'
import { newOperation } from './transcript/new-operation.ts'
import { oneSearch } from './transcript/one-search.ts'
import { spentBudget } from './transcript/money/spent-budget.ts'
import { transcriptPage, type Page } from './transcript/page.ts'
import { processes, type Processes } from './transcript/processes.ts'
import { refusedSeals } from './transcript/refused-seals.ts'
import { serverDeployment } from './transcript/server-deployment.ts'
import { attacked, examined } from './transcript/trust/attacked.ts'
import { bentRecord } from './transcript/trust/bent-record.ts'
import { closedDocument } from './transcript/trust/closed-document.ts'
import { peopleAndKeys } from './transcript/trust/people-and-keys.ts'
import { foreignIdIsUnknown, sameQueryDisjointHits } from './transcript/two-tenants.ts'

async function main(): Promise<void> {
  const page = transcriptPage(line => console.error(line))
  const started = processes()
  const temporary = await mkdtemp(join(tmpdir(), 'gatehouse-transcript-'))
  try {
    await record(page, started, temporary)
  } finally {
    await started.endAll()
    await rm(temporary, { recursive: true, force: true })
  }
  await writeFile(join(ROOT, 'docs', 'TRANSCRIPT.md'), page.markdown(introduction()))
  if (page.notRun().length > 0) console.error(`NOT RUN: ${page.notRun().join('; ')}`)
  if (page.failed().length > 0) throw new Error(`does not hold: ${page.failed().join('; ')}`)
}

async function record(page: Page, started: Processes, temporary: string): Promise<void> {
  const checkout = await freshClone(started, join(temporary, 'gatehouse'))
  const gatehouse = await deployment({ processes: started, folder: checkout.folder })
  page.name(temporary, '<temp>')
  page.name(String(gatehouse.port), '<port>')
  await page.section('A fresh clone, one command', section => freshStart(section, checkout, gatehouse))
  if (page.failed().length > 0) return
  await page.section('Two tenants, one query', section => sameQueryDisjointHits(section, gatehouse))
  await page.section('An id of another tenant', section => foreignIdIsUnknown(section, gatehouse))
  await page.section('A folder of every kind of file', section => folderOfFiles(section, gatehouse))
  await page.section('Alive while ingesting', section => liveWhileIngesting(section, gatehouse))
  await page.section('Killed while ingesting', section => killedWhileIngesting(section, gatehouse))
  await page.section('A new operation', section => newOperation(section, gatehouse, started))
  await page.section('Mistakes of a first day', section => mistakes(section, gatehouse, started))
  await gatehouse.stop()

  const server = serverDeployment({ processes: started, folder: checkout.folder, temporary, page })
  try {
    await page.section('The SQL of one search', section => oneSearch(section, server))
    await page.section('Smuggled seals', section => refusedSeals(section, server))
    await page.section('Killed at every place', section => killedIngestions(section, server, started))
    await page.section('People and their keys', section => peopleAndKeys(section, server))
    await page.section('A document closed to a colleague', section => closedDocument(section, server))
    await page.section('The record, and a row of it edited', section => bentRecord(section, server))
    await page.section('A budget used up', section => spentBudget(section, server))
    await page.section('An agent at work', section => agentAtWork(section, server, started))
    await page.section('Attacked', section => attacked(section, server))
    await page.section('Examined', section => examined(section, server))
    await page.section('A dropped policy', section => droppedPolicy(section, server, started))
  } finally {
    await server.close()
  }
}

function introduction(): string {
  const [load = 0] = loadavg()
  return `# Transcript

What the README calls measured, done on a fresh clone by \`npm run transcript\`, which writes this page and fails when a
claim does not hold. Tokens, ids, keys, ports, folders and times of day are replaced by words in angle brackets, so that
two runs differ in what was measured alone; the long lines of plans and statements are cut.

Recorded on ${cpus().length} processors with Node ${process.versions.node}; load average at the end ${load.toFixed(1)}.
`
}

await main().catch((error: unknown) => {
  console.error(`transcript: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
