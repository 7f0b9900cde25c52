// `npm run shots`: makes the pictures of the README anew, docs/pictures/*.png: a fresh server with the sample tenants, a
// model that says what is written here, and the page as it is built, in the browser of `npm run browser`.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPage } from '../bin/build-page.mjs'
import { HANG, openScriptedModel, type Asked, type Script } from '../tests/harness/scripted-model.ts'
import { openBrowser, visitor, type Visitor } from '../tests/journeys/visitor.ts'
import { smallPng } from './small-png.ts'

const ROOT = join(import.meta.dirname, '..')
const PICTURES = join(ROOT, 'docs/pictures')
const PORT = 20_791
const ADDRESS = `http://127.0.0.1:${PORT}`
const TENANT = 'penhallow-strake'
const ADA = { email: 'ada@example.com', name: 'Ada Loveday', password: 'correct horse battery staple 9' }
/** What the answer below says of it stands in the passages it cites: a picture shows nothing that is not so. */
const QUESTION = 'Which breach must be notified within 72 hours?'
const MOST_BYTES = 150_000

const ANSWER = [
  'A personal data breach: the controller notifies the **supervisory authority** without undue delay and, where ',
  'feasible, within **72 hours** of becoming aware of it, unless a risk to people is unlikely [1].\n\n',
  '- A notification made later explains the delay [1].\n',
  '- Where a high risk is likely, the individuals are told too, without undue delay [2].\n',
  '- A processor tells its controller; contracts often say within 24 to 48 hours [2].\n',
]
const OTHERS = [
  ['Client A / A-2041', 'openai:house-small'],
  ['Client B / B-1187', 'openai:house-large'],
  ['Client B / B-1187', 'openai:house-small'],
  ['Internal / training', 'openai:house-small'],
] as const

await buildPage(ROOT)
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-shots-'))
let isHanging = false
const model = await openScriptedModel(asked => answerTo(asked, isHanging))
const env = {
  ...process.env,
  GATEHOUSE_DATA_DIR: folder,
  GATEHOUSE_PORT: String(PORT),
  GATEHOUSE_MODEL: 'openai:house-large',
  OPENAI_BASE_URL: model.url,
  LOG_LEVEL: 'warn',
}
const server = spawn(process.execPath, [join(ROOT, 'src/main.ts'), 'serve'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
})
const browser = await openBrowser()
try {
  const link = await firstRunLink()
  const ada = await visitor(browser, { url: ADDRESS, height: 800 })
  await send(ada, 'POST', '/api/links/first-run', { ...ADA, code: link.split('#')[1] })
  mkdirSync(PICTURES, { recursive: true })
  await price('openai:house-large', '5', '20')
  await price('openai:house-small', '0.4', '1.6')
  await send(ada, 'PUT', '/api/session', { tenant: TENANT })
  await takeAll(ada)
} finally {
  await browser.close()
  server.kill()
  await new Promise(resolve => server.once('close', resolve))
  await model.close()
  rmSync(folder, { recursive: true, force: true })
}

async function takeAll(ada: Visitor): Promise<void> {
  const { page } = ada
  await page.goto(
    `/app/search?q=${encodeURIComponent('data breach notification requirements GDPR Article 33')}&words=60`,
  )
  await page.getByRole('article', { name: /^Hit 3: / }).waitFor()
  await take(ada, 'search')

  const answered = await ask(ada, { question: QUESTION, label: 'Client A / A-2041' })
  await page.goto(`/app/ask?context=${answered.context_id}`)
  await page.getByRole('region', { name: 'Sources' }).waitFor()
  await page
    .getByRole('button', { name: /^Citation 1, / })
    .first()
    .click()
  await page.getByRole('dialog').waitFor()
  await take(ada, 'answer')

  for (const [label, model] of OTHERS) await ask(ada, { question: QUESTION, label, input: { model } })
  isHanging = true
  const { task } = await send<{ task: Task }>(ada, 'POST', '/api/start_task', {
    question: QUESTION,
    label: 'Client A / A-2041',
  })
  await page.goto(`/app/tasks/${task.task_id}`)
  await page.getByText('being written').or(page.getByText('supervisory authority')).first().waitFor()
  await take(ada, 'task')
  await send(ada, 'POST', '/api/cancel_task', { task_id: task.task_id })

  await page.goto('/app/costs?by=label&days=7')
  await page
    .getByRole('row', { name: /Client B/ })
    .first()
    .waitFor()
  await take(ada, 'costs')
}

interface Task {
  readonly task_id: string
  readonly context_id: string
  readonly status: { readonly state: string }
}

async function ask(ada: Visitor, input: object): Promise<Task> {
  const { task } = await send<{ task: Task }>(ada, 'POST', '/api/start_task', input)
  for (;;) {
    const now = await send<{ task: Task }>(ada, 'POST', '/api/get_task', { task_id: task.task_id })
    if (now.task.status.state === 'completed') return now.task
    if (now.task.status.state === 'failed') throw new Error(`the task failed: ${JSON.stringify(now.task)}`)
  }
}

async function take({ page }: Visitor, name: string): Promise<void> {
  const path = join(PICTURES, `${name}.png`)
  for (const waiting = page.getByText(/^Loading /); (await waiting.count()) > 0; )
    await waiting.first().waitFor({ state: 'detached' })
  // Nothing blinks, and nothing is pointed at.
  await page.mouse.move(0, 0)
  const picture = smallPng(await page.screenshot({ caret: 'hide', animations: 'disabled' }))
  console.log(`${path} ${picture.length} bytes`)
  writeFileSync(path, picture)
  if (picture.length > MOST_BYTES) throw new Error(`${name}.png is larger than ${MOST_BYTES} bytes`)
}

async function send<Output>(
  { context }: Visitor,
  method: string,
  path: string,
  data: object,
): Promise<Output> {
  const answer = await context.request.fetch(path, { method, data, headers: { origin: ADDRESS } })
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as Output
}

function firstRunLink(): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    server.once('close', () => reject(new Error('the server did not start')))
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Stop: Ctrl-C.')) resolve(/http:\S+\/app\/first-run#\S+/.exec(said)?.[0] ?? '')
    })
  })
}

function price(name: string, input: string, output: string): Promise<void> {
  const args = [join(ROOT, 'src/main.ts'), 'price', 'set', name, '--input', input, '--output', output]
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
  return new Promise((resolve, reject) =>
    child.once('close', code => (code === 0 ? resolve() : reject(new Error(`no price for ${name}`)))),
  )
}

function answerTo({ body }: Asked, hangs: boolean): Script {
  const long = (body.messages ?? []).reduce((sum, { content }) => sum + JSON.stringify(content).length, 0)
  return {
    says: hangs ? [...ANSWER.slice(0, 3), HANG] : ANSWER,
    usage: { prompt_tokens: Math.round(long / 4), completion_tokens: 180 },
  }
}
