// The agent card, verified with the keys of the deployment by the code that docs/A2A.md shows; with one letter changed it
// does not verify.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deployment } from '../deployment.ts'
import type { Section } from '../page.ts'

const VERIFY = `import { AgentCard, verifyAgentCardSignature } from '@a2a-js/sdk'
import { createRemoteJWKSet, exportJWK } from 'jose'

const [, , url, from = '', to = ''] = process.argv
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', url))
const verify = verifyAgentCardSignature(async kid => exportJWK(await keys({ alg: 'RS256', kid })))
const answer = await fetch(new URL('/.well-known/agent-card.json', url), { headers: { 'A2A-Version': '1.0' } })
const text = (await answer.text()).replace(from, to)
await verify(AgentCard.fromJSON(JSON.parse(text))).then(
  () => console.log(\`verified: \${JSON.parse(text).name}\`),
  error => console.log(\`refused: \${error.message}\`),
)
`

export async function signedCard(section: Section, { folder, url, run }: Deployment): Promise<void> {
  section.say(
    'The card of 1.0 and its signature, checked with the SDK of A2A and the keys of the deployment:',
  )
  section.block('js', VERIFY)
  // Beside the packages, which are found from where a file lies.
  await writeFile(join(folder, 'verify-card.mjs'), VERIFY)
  const verified = async (args: string) => {
    // Of what it could not verify the SDK prints everything first.
    const command = `node verify-card.mjs ${args} | tail -1`
    const { output } = await run(command)
    section.shell(command, output)
    return output
  }
  const sound = await verified(url)
  const bent = await verified(`${url} /a2a /a2b`)
  section.claim('the card verifies with our keys', sound.startsWith('verified: '))
  section.claim('with one letter of an address changed it does not', bent.startsWith('refused: '))
}
