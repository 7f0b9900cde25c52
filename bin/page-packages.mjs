// The packages whose code or styles end in the built page: they are shipped with it, and so are their licences.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Tools of the build that leave something of their own in what they build. */
const LEAVE_TRACES = new Set(['rolldown', 'tailwindcss', 'vite'])

/** By the lockfile of `web`, sorted by name; `folder` is where the package is installed. */
export function pagePackages(web) {
  const { packages } = JSON.parse(readFileSync(join(web, 'package-lock.json'), 'utf8'))
  return Object.entries(packages)
    .map(([path, { version, dev, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return { path, name, version, dev, license, folder: join(web, path) }
    })
    .filter(({ path, name, dev }) => path !== '' && (!dev || LEAVE_TRACES.has(name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What lies beside the page for whoever gets it: each package's licence in its own words. */
export function licenceTexts(web) {
  return pagePackages(web)
    .map(({ name, version, license, folder }) => {
      const files = existsSync(folder) ? readdirSync(folder) : []
      const file = files.find(each => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(each))
      const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8')
      return `${name} ${version}\n\n${text.trim()}\n`
    })
    .join(`\n${'-'.repeat(72)}\n\n`)
}
