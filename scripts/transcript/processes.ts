// The processes a transcript starts: each in a process group of its own, with an environment that holds nothing of the
// caller's settings, and ended by its id whatever happens.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Place {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** How long it may take; 60 s by default. */
  readonly timeoutMs?: number
}

export interface Ended {
  readonly code: number | null
  /** Both streams, as a terminal would show them. */
  readonly output: string
}

export interface Running {
  readonly pid: number
  output(): string
  /** Waits until the output matches. */
  seen(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>
  /** Waits for the end; whoever has not ended by then is killed. */
  ended(timeoutMs: number): Promise<number | null>
}

export interface Processes {
  /** Runs a shell command to its end. */
  run(command: string, place: Place): Promise<Ended>
  /** Starts a shell command that goes on. */
  start(command: string, place: Place): Running
  /** Ends whatever of it still runs. */
  endAll(): Promise<void>
}

export function processes(): Processes {
  const started = new Set<ChildProcess>()
  const start: Processes['start'] = (command, { cwd, env = {} }) => {
    const child = spawn('sh', ['-c', command], {
      cwd,
      env: { ...plainEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    started.add(child)
    return running(child, command)
  }
  return {
    start,
    async run(command, place) {
      const process = start(command, place)
      const code = await process.ended(place.timeoutMs ?? 60_000)
      return { code, output: process.output() }
    },
    async endAll() {
      for (const child of started) endGroup(child)
      await Promise.all([...started].map(async child => isOver(child) || once(child, 'close')))
    },
  }
}

function running(child: ChildProcess, command: string): Running {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const closed = once(child, 'close')
  closed.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async seen(pattern, timeoutMs) {
      const until = performance.now() + timeoutMs
      while (performance.now() < until) {
        const match = pattern.exec(output)
        if (match !== null) return match
        if (isOver(child)) break
        await sleep(20)
      }
      throw new Error(`${command} did not print ${String(pattern)}; it printed: ${output.slice(-2_000)}`)
    },
    async ended(timeoutMs) {
      const waiting = new AbortController()
      const late = sleep(timeoutMs, 'late', { signal: waiting.signal }).catch(() => undefined)
      if ((await Promise.race([closed, late])) === 'late') {
        endGroup(child)
        throw new Error(`${command} did not end within ${timeoutMs / 1000} s`)
      }
      waiting.abort()
      return child.exitCode
    },
  }
}

/** The command and what it has started: all of it is in a group that bears the command's id. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** This Node first on the PATH; no setting of Gatehouse's or of a database's, nothing an npm around us says of its run. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(gatehouse_|database_|npm_(?!config_)|node_env|node_options|log_level|pg[a-z]+$)/i.test(name),
  )
  return { ...Object.fromEntries(kept), PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` }
}
