// A child process that stands in our place: same terminal, same signals, same end.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { isatty } from 'node:tty'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Waits for the child through all signals. Answers how it ended, and which signal asked us to end meanwhile. */
export function runChild(program, args, options) {
  return new Promise((resolve, reject) => {
    const startedOn = terminal()
    // Once per kind: npm and the terminal both deliver Ctrl-C here, and a second one may mean "without draining".
    const unsent = new Set(SIGNALS)
    let asked = null
    const pass = signal => {
      asked ??= signal
      const childHasIt =
        signal === 'SIGINT' ? terminal().interruptsGroup : signal === 'SIGHUP' && startedOn.hangsUpGroup
      if (unsent.delete(signal) && !childHasIt) child.kill(signal)
    }
    const finish = settle => end => {
      for (const signal of SIGNALS) process.off(signal, pass)
      settle(end)
    }
    for (const signal of SIGNALS) process.on(signal, pass)
    const child = spawn(program, args, options)
    child.on('error', cause =>
      finish(reject)(new Error(`cannot start ${program}: ${cause.message}`, { cause })),
    )
    child.on('exit', (code, signal) => finish(resolve)({ code, signal, asked }))
  })
}

/** Ends this process as a child has ended. */
export function endAs({ code, signal }) {
  process.exitCode = signal === null ? code : 128 + constants.signals[signal]
  if (signal !== null) process.kill(process.pid, signal)
}

/** Which signals the terminal sends to our whole process group, the child included. */
function terminal() {
  // Elsewhere nothing tells the foreground from the background: a terminal is taken to reach us all.
  if (process.platform !== 'linux') return { interruptsGroup: isatty(0), hangsUpGroup: isatty(0) }
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const [, , group, session, tty, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    interruptsGroup: group === foreground,
    // The leader of a session is hung up first and alone; the rest follows when it ends.
    hangsUpGroup: tty !== '0' && session !== String(process.pid),
  }
}
