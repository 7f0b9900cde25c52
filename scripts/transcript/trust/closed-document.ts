// One document that is closed to a colleague: gone from searches that found it, and its id is worth nothing.
import { randomUUID } from 'node:crypto'
import { mcpClient, rawCall } from '../mcp-clients.ts'
import type { Section } from '../page.ts'
import type { OpenServer, ServerDeployment } from '../server-deployment.ts'
import { TENANT } from './people-and-keys.ts'
import { typed } from './typed.ts'

const WORD = 'merganser'

export async function closedDocument(section: Section, deployment: ServerDeployment): Promise<void> {
  const server = await deployment.open()
  const { gatehouse } = server
  const ada = await mcpClient(gatehouse.url, await gatehouse.token(TENANT))
  const made = await ada.call('add_document', {
    title: 'Project Merganser',
    content: `The ${WORD} offer is 41 million. The ${WORD} board meets on Thursday.`,
  })
  await ada.call('add_document', { title: 'Canteen', content: 'On Thursday there is soup.' })
  await ada.close()
  const id = String(made['document_id'])
  const found = async (user: string): Promise<boolean> => {
    const { output } = await typed(
      section,
      gatehouse,
      `search ${WORD} --words --tenant ${TENANT} --user ${user}`,
    )
    return output.includes(id)
  }
  section.say('A document that everyone in the tenant may read, as bert searches:')
  section.claim('bert finds the document while it is open', await found('bert'))
  section.say('Closed to all but cleo:')
  await typed(section, gatehouse, `access set ${id} --access user:cleo --tenant ${TENANT}`)
  section.claim("bert's next search does not find it", !(await found('bert')))
  section.claim('cleo finds it', await found('cleo'))
  await sameAsUnknown(section, server, id)
}

async function sameAsUnknown(section: Section, { gatehouse }: OpenServer, id: string): Promise<void> {
  const bert = await gatehouse.token(TENANT, '--user bert')
  const ask = (documentId: string) =>
    rawCall(gatehouse.url, bert, { name: 'retrieve_document', arguments: { document_id: documentId } })
  const [closed, unknown] = [await ask(id), await ask(randomUUID())]
  const text = ({ status, body }: typeof closed): string =>
    `${status}\n${body.replace(/^event: .*\n/, '').trim()}`
  section.shell('as bert: retrieve_document <the id of the closed document>', text(closed))
  section.shell('as bert: retrieve_document <an id nobody has>', text(unknown))
  section.claim(
    'its id answers bert like an id that nobody ever made',
    text(closed) === text(unknown) && !closed.body.includes('Merganser'),
  )
}
