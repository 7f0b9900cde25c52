// What must not be in a file that git keeps or is about to keep: keys, and words that are true on one machine only.
import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

interface Trace {
  readonly what: string
  readonly pattern: RegExp
  /** Only in files of this name; in all by default. */
  readonly file?: RegExp
}

const TRACES: readonly Trace[] = [
  {
    what: 'an absolute path of one machine',
    pattern: /(?<![\w.~/-])(?:\/work\/|\/Users\/\w|\/home\/(?!node\/)\w)|\b[A-Z]:\\Users\\/,
  },
  {
    // The header alone may stand in code that recognises keys.
    what: 'a private key',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\[nr]|["'+\s])*(?:[A-Za-z0-9+/=]{20}|Proc-Type)/,
  },
  { what: 'a private key (JWK)', pattern: /"d"\s*:\s*"[\w-]{40,}"/ },
  {
    // npm writes where this machine got a package; elsewhere that host may not exist.
    what: 'the host of a registry',
    pattern: /"resolved"\s*:\s*"\w+:\/\//,
    file: /^(?:package-lock|npm-shrinkwrap)\.json$/,
  },
]

/** "path:line holds …" for each trace found. */
export function checkHygiene(root: string): string[] {
  return filesOfGit(root).flatMap(path => tracesIn(path, readFileSync(join(root, path), 'latin1')))
}

/** What is committed and what the next `git add .` would add; a link is not a file, nor is what was just deleted. */
function filesOfGit(root: string): string[] {
  const flags = ['--cached', '--others', '--exclude-standard', '-x', 'node_modules']
  return execFileSync('git', ['ls-files', '-z', ...flags], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter(path => lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile())
}

function tracesIn(path: string, text: string): string[] {
  return TRACES.filter(({ file }) => file?.test(basename(path)) ?? true).flatMap(({ what, pattern }) => {
    const match = pattern.exec(text)
    return match === null ? [] : [`${path}:${text.slice(0, match.index).split('\n').length} holds ${what}`]
  })
}
