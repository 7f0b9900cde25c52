// `gatehouse attack`: what can be typed. The attacks themselves are handed in by main.ts.
import type { Command } from 'commander'

const EXAMPLES = `
Examples:
  gatehouse attack
  gatehouse attack --url https://gatehouse.example --json
  gatehouse attack --only AU01,RL27

Runs against a living deployment, through its public port, on two tenants that are made for it and removed afterwards.
It sends some hundred requests, one after the other, and names no other tenant. The tenants are made through the
server's own socket, or with --url by an operator key in GATEHOUSE_TOKEN. With DATABASE_URL set, or --database-url (the
application's login, never the owner's; better without its password, which others could see in the list of processes),
it also does what somebody could who had stolen that login; every transaction is rolled back.

Ends with 8 when an attack was successful, with 4 when the server cannot be reached or an attack broke.`

/** Adds the command; `act` runs what it does and turns what it throws, or answers, into an exit code. */
export function addAttackCommand(
  program: Command,
  attack: (options: Record<string, string | boolean>) => Promise<number>,
  act: (fn: () => Promise<number>) => Promise<void>,
): void {
  const command = program
    .command('attack')
    .description('try to break the isolation of a running deployment, on two throw-away tenants')
    .option('--url <url>', 'its public address (default: this machine’s)')
    .option(
      '--database-url <url>',
      'also attack the database with the application’s login (default: DATABASE_URL)',
    )
    .option('--only <ids>', 'these attacks alone, by id, separated by commas')
    .option('--keep', 'do not remove the two tenants')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
  command.action(() => act(() => attack(command.opts<Record<string, string | boolean>>())))
}
