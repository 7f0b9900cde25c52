// `gatehouse doctor`: what can be typed. The checks themselves are handed in by main.ts.
import type { Command } from 'commander'

const EXAMPLES = `
Examples:
  gatehouse doctor
  gatehouse doctor --json
  gatehouse doctor --strict

Reads only. It uses the same environment as the server, and works whether the server runs or not.
Ends with 8 when something is wrong; with --strict also when something is only odd.`

/** Adds the command; `act` runs what it does and turns what it throws, or answers, into an exit code. */
export function addDoctorCommand(
  program: Command,
  doctor: (options: Record<string, string | boolean>) => Promise<number>,
  act: (fn: () => Promise<number>) => Promise<void>,
): void {
  const command = program
    .command('doctor')
    .description('check configuration, files, database and surroundings; each finding with its fix')
    .option('--strict', 'warnings count as errors')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
  command.action(() => act(() => doctor(command.opts<Record<string, string | boolean>>())))
}
