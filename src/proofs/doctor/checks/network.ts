// Ports, and the servers that Gatehouse calls.
import { fine, odd, wrong, type Finding } from '../finding.ts'
import type { Facts, NetworkFacts } from '../facts/facts.ts'

export function networkChecks({ network }: Facts): Finding[] {
  if (network === undefined) return []
  return [portCheck(network), ...network.embeddings.map(embeddingCheck)]
}

function portCheck({ port, isRunning, isTaken, isGatehouse, whyNotListen }: NetworkFacts): Finding {
  if (isRunning && isGatehouse) return fine('port', `Gatehouse answers on port ${port}`)
  if (isRunning && !isTaken)
    return odd(
      'port',
      `The server runs, but nothing answers on port ${port}.`,
      'Run doctor with the settings that the server was started with (GATEHOUSE_HOST, GATEHOUSE_PORT, GATEHOUSE_ROLE).',
    )
  if (isTaken)
    return wrong(
      'port',
      `Port ${port} is taken by ${isGatehouse ? 'the Gatehouse of another data folder' : 'another program'}.`,
      'Stop that program, or choose another port with GATEHOUSE_PORT.',
    )
  if (whyNotListen !== undefined)
    return wrong(
      'port',
      `Nobody can listen on port ${port} here (${whyNotListen}).`,
      'Correct GATEHOUSE_HOST, or choose a port above 1023 with GATEHOUSE_PORT.',
    )
  return fine('port', `port ${port} is free`)
}

function embeddingCheck({ name, problem }: NetworkFacts['embeddings'][number]): Finding {
  if (problem === undefined) return fine('embeddings', `${name} answers`)
  return wrong(
    'embeddings',
    `The embedding model ${name} cannot be used: ${problem}`,
    'Start that server or correct its address; until then searches go by words alone.',
  )
}
