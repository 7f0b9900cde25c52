// A command of gatehouse's as somebody types it, with what it prints on the page.
import type { Deployment } from '../deployment.ts'
import type { Section } from '../page.ts'
import type { Ended } from '../processes.ts'

/** `shown` makes of the output what goes on the page; all of it by default, without the line for programs. */
export async function typed(
  section: Section,
  { run }: Pick<Deployment, 'run'>,
  args: string,
  shown: (output: string) => string = withoutJson,
): Promise<Ended> {
  // What init-database needed is not there in everyday use, and doctor would say so.
  const ended = await run(`env -u DATABASE_ADMIN_URL ./bin/gatehouse.mjs ${args}`)
  section.shell(`./bin/gatehouse.mjs ${args}`, `${shown(ended.output)}\n[exit code ${String(ended.code)}]`)
  return ended
}

function withoutJson(output: string): string {
  return output
    .split('\n')
    .filter(line => !line.startsWith('{"error"'))
    .join('\n')
    .trimEnd()
}
