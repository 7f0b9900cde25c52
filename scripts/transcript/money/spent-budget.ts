// A tenant of the free tier asks a model that costs until its month is used up, is put on the next tier and goes on; then
// the ledger is verified, also after somebody with the database's own rights has edited a row of it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openScriptedModel } from '../../../tests/harness/scripted-model.ts'
import type { Deployment } from '../deployment.ts'
import type { Section } from '../page.ts'
import type { OpenServer, ServerDeployment } from '../server-deployment.ts'
import { typed } from '../trust/typed.ts'

const TENANT = 'foldwick'
const ASK = `ask "How does the lease end?" --tenant ${TENANT}`
const LEASE = 'Either side may terminate the lease with thirty days notice in writing.'
/** Six cents a question at the price set below. */
const ANSWER = {
  says: ['Either side may terminate ', 'with thirty days notice [1].'],
  usage: { prompt_tokens: 1_500, completion_tokens: 250 },
}

export async function spentBudget(section: Section, deployment: ServerDeployment): Promise<void> {
  const server = await deployment.open()
  const { gatehouse } = server
  const model = await openScriptedModel(() => ANSWER)
  try {
    await gatehouse.stop()
    await gatehouse.start(
      `OPENAI_BASE_URL=${model.url} GATEHOUSE_MODEL=openai:llama3.2 exec ./bin/gatehouse.mjs serve`,
      60_000,
    )
    section.say(
      'The model is a script on this machine that speaks the wire of OpenAI; each answer reports 1,500 tokens in and 250 out.',
    )
    await prepared(section, gatehouse)
    await usedUp(section, gatehouse, () => model.asked.length)
    await upgraded(section, gatehouse)
    await verified(section, server)
  } finally {
    await model.close()
  }
}

async function prepared(section: Section, gatehouse: Deployment): Promise<void> {
  const file = join(gatehouse.dataDir, 'lease.txt')
  await writeFile(file, `${LEASE}\n`)
  await typed(section, gatehouse, `tenant create ${TENANT} --tier free`)
  const { code } = await gatehouse.command(`ingest ${file} --tenant ${TENANT}`)
  if (code !== 0) throw new Error('the lease was not taken in')
  await typed(section, gatehouse, 'price set openai:llama3.2 --input 30 --output 60')
}

async function usedUp(section: Section, gatehouse: Deployment, asked: () => number): Promise<void> {
  const first = await typed(section, gatehouse, ASK)
  section.claim('the answer says what it cost', first.code === 0 && first.output.includes('$0.06'))
  section.say('The same again, until it is refused:')
  let last = first
  for (let again = 0; again < 12 && last.code === 0; again++) last = await gatehouse.command(ASK)
  const before = asked()
  const refused = await typed(section, gatehouse, ASK)
  section.claim(
    'after eight answers the ninth question is refused with exit 6, the budget, what is spent of it, and the next tier',
    before === 8 &&
      refused.code === 6 &&
      /\$0\.48 of \$0\.50/.test(refused.output) &&
      /Pro/.test(refused.output),
  )
  section.claim('the model was not asked for what was refused', asked() === before)
  await typed(section, gatehouse, `budget show --tenant ${TENANT}`)
}

async function upgraded(section: Section, gatehouse: Deployment): Promise<void> {
  await typed(section, gatehouse, `tenant update ${TENANT} --tier pro`)
  const answered = await typed(section, gatehouse, ASK)
  section.claim('on the next tier the next question is answered', answered.code === 0)
  for (const by of ['model', 'day'])
    await typed(section, gatehouse, `cost report --tenant ${TENANT} --by ${by}`)
}

async function verified(section: Section, { gatehouse, asAdmin }: OpenServer): Promise<void> {
  await linked(asAdmin)
  const sound = await typed(section, gatehouse, `cost verify --tenant ${TENANT}`)
  section.claim(
    'every bill comes out again from its row, and every row is where its chain says',
    sound.code === 0,
  )
  const edit = `update app.ledger set cost_nano = 1
  where tenant_id = (select id from app.tenant where slug = '${TENANT}') and chained_as = 2`
  section.say('As an administrator of the database, whom no policy binds:')
  section.block('sql', `${edit};`)
  await asAdmin(edit)
  const bent = await typed(section, gatehouse, `cost verify --tenant ${TENANT}`)
  section.claim(
    'the edited row is named, and verify ends with 8',
    bent.code === 8 && /edited/.test(bent.output),
  )
}

/** A worker links new rows every three seconds. */
async function linked(asAdmin: OpenServer['asAdmin']): Promise<void> {
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(250)) {
    const [row] = await asAdmin('select count(*)::int as open from app.ledger where chained_as is null')
    if (row?.['open'] === 0) return
  }
  throw new Error('the ledger is not linked within 20 s')
}
