// A fresh clone, `npm start`, and how long each step took.
import type { Checkout } from './checkout.ts'
import type { Deployment } from './deployment.ts'
import type { Section } from './page.ts'

export async function freshStart(section: Section, checkout: Checkout, gatehouse: Deployment): Promise<void> {
  const uncommitted =
    checkout.uncommitted === 0
      ? ''
      : ` and the ${checkout.uncommitted} files of the working tree that are not committed yet`
  section.say(
    `A clone of commit ${checkout.commit}${uncommitted}, then the one command of the README. The port is a free one and not 8080 ` +
      'only because this script must not disturb what runs here.',
  )
  const start = performance.now()
  const running = await gatehouse.start('npm start', 150_000)
  const seconds = (performance.now() - start) / 1000
  section.shell('npm start', forPeople(running.output()))
  const spent = (word: string): string =>
    [...running.output().matchAll(new RegExp(`${word} in ([\\d.]+) s`, 'g'))]
      .reduce((sum, [, took]) => sum + Number(took), 0)
      .toFixed(1)
  section.say(
    `${seconds.toFixed(1)} s from the command to the first possible search: ${spent('installed')} s of them npm's, ` +
      `${spent('built')} s building the page, the rest making the embedded database, its migrations and reading 60 sample ` +
      'documents of three tenants.',
  )
  const ready = await fetch(`${gatehouse.url}/readyz`)
  section.shell('curl -s http://127.0.0.1:<port>/readyz', await ready.text())
  section.claim('one command on a fresh clone ends with a server that says it is ready', ready.status === 200)
  const link = /http:\S+\/app\/first-run#\S+/.exec(running.output())?.[0]
  const form = link === undefined ? undefined : await fetch(link)
  section.claim('the link that was printed opens the form of the first account', form?.status === 200)
  section.claim(
    'the command to paste was printed for two tenants',
    running.output().split('hybrid_search').length === 3,
  )
}

/** Without npm's own lines, the log, and all but the first words of the two long commands. */
function forPeople(output: string): string {
  return output
    .split('\n')
    .filter(line => !/^(\{|npm |> )/.test(line))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
