// `npm run browser`: the Chromium that the tests of the page look through. Debian's package, or the one that
// GATEHOUSE_BROWSER names; nothing is downloaded from elsewhere.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

const KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Its path; undefined where there is none. */
export function findBrowser(): string | undefined {
  const named = process.env['GATEHOUSE_BROWSER']
  return (named === undefined || named === '' ? KNOWN : [named]).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function install(): void {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update'],
    ['install', '--yes', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
  ]) {
    const { status } = spawnSync('apt-get', ['--quiet=2', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environment,
    })
    if (status !== 0)
      throw new Error(
        'apt-get could not install chromium; run as root on Debian, or name a browser in GATEHOUSE_BROWSER',
      )
  }
}

if (import.meta.main) {
  if (findBrowser() === undefined) install()
  console.log(findBrowser() ?? 'no browser')
}
