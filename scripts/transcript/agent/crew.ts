// The processes a task is shown on: one that only serves, and others beside it, each with a data folder of its own.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, type Deployment } from '../deployment.ts'
import type { OpenServer } from '../server-deployment.ts'

export interface CrewMember {
  readonly url: string
  readonly pid: number
  kill(): Promise<void>
}

export interface Crew {
  /** Starts another process of that role, and waits until it is ready. */
  join(role: 'worker' | 'all'): Promise<CrewMember>
  /** Ends those who are still there. */
  end(): Promise<void>
}

/** The deployment's own process serves agents and runs nothing, from now until it is started anew. */
export async function openCrew({ gatehouse, sealKey }: OpenServer, modelUrl: string): Promise<Crew> {
  const env = {
    GATEHOUSE_SEAL_KEYS: `${sealKey.id}:${sealKey.secret.toString('base64url')}`,
    GATEHOUSE_PUBLIC_URL: gatehouse.url,
    OPENAI_BASE_URL: modelUrl,
  }
  const members: CrewMember[] = []
  await gatehouse.stop()
  await gatehouse.start(
    `GATEHOUSE_ROLE=a2a OPENAI_BASE_URL=${modelUrl} exec ./bin/gatehouse.mjs serve`,
    60_000,
  )
  return {
    async join(role) {
      const port = await freePort()
      const folder = join(gatehouse.dataDir, `member-${members.length + 1}`)
      const { output } = await gatehouse.run(
        `mkdir ${folder} && { ./bin/gatehouse.mjs serve > ${folder}/out 2>&1 & echo $!; }`,
        { ...env, GATEHOUSE_ROLE: role, GATEHOUSE_PORT: String(port), GATEHOUSE_DATA_DIR: folder },
      )
      const member = memberOf(`http://127.0.0.1:${port}`, Number(output.trim()))
      members.push(member)
      await ready(gatehouse, member.url, folder)
      return member
    },
    async end() {
      for (const member of members) await member.kill()
    },
  }
}

function memberOf(url: string, pid: number): CrewMember {
  const isThere = (): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  return {
    url,
    pid,
    async kill() {
      if (isThere()) process.kill(pid, 'SIGKILL')
      // Where nobody reaps it, it stays in the table of processes; it does nothing any more.
      for (const until = Date.now() + 2_000; Date.now() < until && isThere(); ) await sleep(5)
    },
  }
}

async function ready({ run }: Deployment, url: string, folder: string): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.status === 200) return
  }
  const { output } = await run(`tail -20 ${folder}/out`)
  throw new Error(`${url} is not ready within 60 s; it printed: ${output}`)
}
