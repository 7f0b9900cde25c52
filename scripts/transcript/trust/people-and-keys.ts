// A tenant with three people, and what becomes of a credential when its user's standing changes.
import type { Deployment } from '../deployment.ts'
import type { Section } from '../page.ts'
import type { ServerDeployment } from '../server-deployment.ts'
import { typed } from './typed.ts'

/** The tenant of this section and the ones after it: ada administers it, bert and cleo are members. */
export const TENANT = 'acme'

export async function peopleAndKeys(section: Section, deployment: ServerDeployment): Promise<void> {
  const { gatehouse } = await deployment.open()
  section.say('A new tenant, three people, and a key for the first of them:')
  for (const args of [
    `tenant create ${TENANT}`,
    `user create --tenant ${TENANT} --id ada --name Ada --role admin`,
    `user create --tenant ${TENANT} --id bert --name Bert --role member`,
    `user create --tenant ${TENANT} --id cleo --name Cleo --role member`,
  ])
    await typed(section, gatehouse, args)
  const making = `api-key create --tenant ${TENANT} --user ada --name laptop --scope users:read users:write`
  const made = await typed(section, gatehouse, making)
  const key = /ghk_\S+/.exec(made.output)?.[0] ?? ''
  section.claim('the key is shown when it is made', key !== '')
  const listed = await gatehouse.command(`api-key list --tenant ${TENANT} --json`)
  section.claim(
    'the list of keys holds nothing of its secret part',
    listed.code === 0 && !listed.output.includes(key.slice(17)),
  )
  section.say(
    'Over HTTP the key is ada; a token for bert that asks for more than a member may is still a member:',
  )
  const asAda = (): Promise<string> => answerTo(section, gatehouse, { who: 'ADA', credential: key })
  section.claim('the key lists the users', (await asAda()).startsWith('200'))
  const bert = await gatehouse.token(TENANT, '--user bert --audience api --scope users:read users:write')
  const refused = await answerTo(section, gatehouse, { who: 'BERT', credential: bert })
  section.claim('a member is refused, whatever its token says', refused.startsWith('403'))
  await disabled(section, gatehouse, asAda)
}

async function disabled(
  section: Section,
  gatehouse: Deployment,
  asAda: () => Promise<string>,
): Promise<void> {
  section.say('The same key after its user is disabled, and after it is let in again:')
  await typed(section, gatehouse, `user disable ada --tenant ${TENANT}`)
  section.claim('the next call of a disabled user is refused', (await asAda()).startsWith('401'))
  await typed(section, gatehouse, `user enable ada --tenant ${TENANT}`)
  section.claim('an enabled user is let in with the next call', (await asAda()).startsWith('200'))
}

interface Caller {
  readonly who: string
  readonly credential: string
}

/** The status and the body of a call of list_users. */
async function answerTo(section: Section, { run }: Deployment, { who, credential }: Caller): Promise<string> {
  const command = `curl -s http://127.0.0.1:$GATEHOUSE_PORT/api/list_users -H "Authorization: Bearer $${who}" \\
  -H 'Content-Type: application/json' -d '{"limit":1}' -w '\\n%{http_code}'`
  const { output } = await run(command, { [who]: credential })
  const [status = '', ...lines] = output.trimEnd().split('\n').toReversed()
  const answer = `${status}\n${lines.toReversed().join('\n')}`
  section.shell(command.replace('$GATEHOUSE_PORT', '8080').replace(" -w '\\n%{http_code}'", ''), answer)
  return answer
}
