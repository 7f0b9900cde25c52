// A question as a task: watched from the command line; over A2A with its stream cut in the middle and its worker killed,
// to the end on another process; cancelled while it runs; and the card that says how to ask, verified.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Section } from '../page.ts'
import type { Processes, Running } from '../processes.ts'
import type { OpenServer, ServerDeployment } from '../server-deployment.ts'
import { typed } from '../trust/typed.ts'
import { signedCard } from './signed-card.ts'
import { openCrew, type Crew, type CrewMember } from './crew.ts'
import { eventLines, eventsOf, type StreamedEvent } from './event-lines.ts'
import { watchOnTerminal } from './live-list.ts'
import { slowModel, SLOW, type SlowModel } from './slow-model.ts'

const TENANT = 'penhallow-strake'
const QUESTION = 'Which breach must be notified within 72 hours?'
const RUN = `task run rag "${QUESTION}" --tenant ${TENANT}`

interface Stage extends OpenServer {
  readonly section: Section
  readonly processes: Processes
  readonly crew: Crew
  readonly model: SlowModel
  /** Runs the tasks. */
  readonly worker: CrewMember
}

export async function agentAtWork(
  section: Section,
  deployment: ServerDeployment,
  processes: Processes,
): Promise<void> {
  const server = await deployment.open()
  const model = await slowModel()
  const crew = await openCrew(server, model.url)
  try {
    section.say(
      'Three processes on one PostgreSQL: one that serves and runs nothing (`GATEHOUSE_ROLE=a2a`), a worker, and later one ' +
        'that does both. A tenant has the documents of the law firm of the samples.',
    )
    const worker = await crew.join('worker')
    const stage = { ...server, section, processes, crew, model, worker }
    await prepared(stage)
    await watched(stage)
    await cutAndKilled(stage)
    await canceled(stage)
    await signedCard(section, server.gatehouse)
  } finally {
    await crew.end()
    await server.gatehouse.stop()
    await model.close()
    await server.gatehouse.start('exec ./bin/gatehouse.mjs serve', 60_000)
  }
}

async function prepared({ gatehouse }: Stage): Promise<void> {
  for (const args of [
    `tenant create ${TENANT} --tier pro`,
    `ingest samples/${TENANT} --tenant ${TENANT}`,
    `price set ${SLOW} --input 30 --output 60`,
  ]) {
    const { code, output } = await gatehouse.command(args)
    if (code !== 0) throw new Error(`${args}: ${output.slice(-1_000)}`)
  }
}

async function watched({ section, gatehouse }: Stage): Promise<void> {
  const { code, output } = await typed(section, gatehouse, `${RUN} --watch`)
  const steps = ['Search the documents', 'Rank the passages', 'Write the answer', 'Check the citations']
  const places = steps.map(step => output.indexOf(`${step}: begun`))
  section.claim(
    'each of the four steps is told as it happens, and the answer ends with citations that were checked',
    code === 0 &&
      places.every((place, at) => place > (places[at - 1] ?? -1)) &&
      /Verified sources[^]*✓ \[1\].* · verified/.test(output.replaceAll(/\s+/g, ' ')),
  )
}

/** The stream's reader goes first, then the worker: whoever comes back has missed both. */
async function cutAndKilled(stage: Stage): Promise<void> {
  const { section, gatehouse, processes, crew, model, worker } = stage
  const env = { G: gatehouse.url, T: await gatehouse.token(TENANT, '--audience a2a') }
  const message = {
    message: {
      messageId: 'cut-and-killed',
      role: 'ROLE_USER',
      parts: [{ text: QUESTION }, { data: { model: SLOW } }],
    },
  }
  section.say(
    'The same question over A2A, to a model that is a script on this machine: it says the first words of its answer and ' +
      'hangs. There the connection is cut. Of each event its id and a few words are shown.',
  )
  const ask = `curl -sN $G/a2a/rest/message:stream -H "Authorization: Bearer $T" -H 'A2A-Version: 1.0' \\
    -H "A2A-Extensions: $G/a2a/extensions/event-log/v1" -H 'Content-Type: application/json' -d '${JSON.stringify(message)}'`
  const first = processes.start(`exec ${ask}`, { cwd: gatehouse.folder, env })
  const heard = await heardUntilAnswer(first)
  section.shell(ask, `${eventLines(heard)}\n^C`)

  const id = heard[0]?.taskId ?? ''
  const watch = `./bin/gatehouse.mjs task watch ${id} --tenant ${TENANT} --user ada`
  // Begun before the wait for the other process, so that it has drawn the task as it stands.
  const watching = await watchOnTerminal(gatehouse, watch)
  const second = await crew.join('all')
  await worker.kill()
  const killed = performance.now()
  model.letGo(true)
  section.shell('kill -9 <the worker>', 'killed in the middle of the answer; another process is there')

  const last = heard.at(-1)?.id ?? 0
  section.say('Resumed at the other process (`$G2`), after the last event that was heard:')
  const resume = `curl -sN $G2/a2a/rest/tasks/$ID:subscribe -H "Authorization: Bearer $T" -H 'A2A-Version: 1.0' \\
    -H "A2A-Extensions: $G/a2a/extensions/event-log/v1" -H 'Last-Event-ID: ${last}'`
  const { output } = await gatehouse.run(resume, { ...env, G2: second.url, ID: id })
  const seconds = (performance.now() - killed) / 1000
  const resumed = eventsOf(output)
  section.shell(resume, eventLines(resumed))
  section.say(
    `From the kill to the end of the task: ${seconds.toFixed(1)} s. A worker counts as dead when it has said nothing for ten.`,
  )
  await judged(stage, { id, heard, resumed, asked: model.asked() })
  if (watching === undefined) section.say('There is no `script` here to watch it on a terminal.')
  else liveList(section, watch, await watching.frames)
}

/** A person who watched all the while has seen it stand still in the middle, and end. */
function liveList(section: Section, watch: string, frames: readonly string[]): void {
  const middle = frames.find(frame => /^▸ Write the answer .*[^]*A personal data/m.test(frame)) ?? ''
  const end = frames.at(-1) ?? ''
  section.say('On a terminal that watched it all the while, before the kill and at the end:')
  section.shell(watch, `${middle}\n\n…\n\n${end}`)
  section.claim(
    'the list of steps on the terminal stands in the middle of the answer, and is ticked off at the end',
    middle.startsWith('working') &&
      end.startsWith('completed') &&
      end.match(/^✓ (?:Search|Rank|Write|Check)/gm)?.length === 4,
  )
}

interface Heard {
  readonly id: string
  readonly heard: readonly StreamedEvent[]
  readonly resumed: readonly StreamedEvent[]
  readonly asked: number
}

async function judged({ section, gatehouse }: Stage, { id, heard, resumed, asked }: Heard): Promise<void> {
  // The second stream begins with the task as it was at the event it goes on after: not an event of its own.
  const joined = [...heard, ...resumed.slice(1)].map(event => event.id)
  const { output } = await gatehouse.command(`task watch ${id} --tenant ${TENANT} --user ada --json`)
  const kept = [...output.matchAll(/^\{"sequence":(\d+)/gm)].map(([, sequence]) => Number(sequence))
  section.block(
    'text',
    `ids of both streams, joined: ${joined.join(' ')}\nids that the task has:      ${kept.join(' ')}`,
  )
  section.claim(
    'both streams joined have every event of the task once and in order: no gap, no duplicate',
    joined.length > 10 &&
      resumed[0]?.isTask === true &&
      joined.join(' ') === kept.join(' ') &&
      kept.every((sequence, at) => sequence === at + 1),
  )
  const all = [...heard, ...resumed.slice(1)]
  const begun = all.map(({ says }) => /^step (\w+)$/.exec(says)?.[1]).filter(Boolean)
  section.claim(
    'what was done before the kill is not done again: only the step that died begins a second time',
    begun.join(' ') === 'search rank generate generate verify' && asked === 2,
  )
  section.claim(
    'the task ends once, as completed, with verified sources',
    all.filter(({ state }) => state === 'COMPLETED').length === 1 &&
      all.at(-1)?.state === 'COMPLETED' &&
      all.some(({ says }) => says === 'Verified sources'),
  )
}

async function heardUntilAnswer(stream: Running): Promise<StreamedEvent[]> {
  await stream.seen(/"name":"answer".*\n\n/, 60_000)
  process.kill(stream.pid, 'SIGKILL')
  await stream.ended(5_000)
  return eventsOf(stream.output())
}

async function canceled({ section, gatehouse, model }: Stage): Promise<void> {
  model.letGo(false)
  const asked = model.asked()
  section.say('Cancelled in the middle of an answer:')
  const begun = await typed(section, gatehouse, `${RUN} --model ${SLOW}`)
  const id = /^[0-9a-f-]{36}$/m.exec(begun.output)?.[0] ?? ''
  await comesTrue(() => model.asked() > asked)
  const left = model.left()
  const { code } = await typed(section, gatehouse, `task cancel ${id} --tenant ${TENANT}`)
  await comesTrue(() => model.left() > left)
  const seen = await typed(section, gatehouse, `task watch ${id} --tenant ${TENANT}`)
  section.claim(
    'a task that is cancelled ends at once, and the call to the model with it',
    code === 0 && seen.code === 130 && /^canceled/m.test(seen.output) && model.left() > left,
  )
}

async function comesTrue(holds: () => boolean): Promise<void> {
  for (const until = Date.now() + 20_000; Date.now() < until && !holds(); ) await sleep(20)
}
