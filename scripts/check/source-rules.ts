// What the import graph cannot say about src/: each rule is a sentence and a function that names its offenders.
// tests/architecture plants a violation of every one of them.
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  globalName,
  importOf,
  isNode,
  isSqlTagged,
  lineOf,
  memberName,
  parse,
  stringText,
  type Found,
  type Node,
} from './syntax.ts'

interface SourceFile {
  readonly path: string
  readonly text: string
  readonly nodes: readonly Found[]
}

type SourceRule = (files: readonly SourceFile[]) => string[]

/** "path:line: the rule", for every rule and every file below src/. */
export function checkSources(root: string): string[] {
  const files = globSync('src/**/*.{ts,sql}', { cwd: root }).map(path => {
    const text = readFileSync(join(root, path), 'utf8')
    return { path, text, nodes: path.endsWith('.ts') ? parse(text) : [] }
  })
  return Object.entries(SOURCE_RULES).flatMap(([sentence, isBroken]) =>
    isBroken(files).map(offender => `${offender}: ${sentence}`),
  )
}

const NETWORK_MODULES = /^(?:node:)?(?:https?|http2|net|tls|dgram|dns|dns\/promises|undici|ws)$/
const NETWORK_GLOBALS = new Set(['fetch', 'WebSocket', 'EventSource'])
/** Pure functions and tables that live in network modules. */
const HARMLESS = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'STATUS_CODES'])

/** Who may touch the network besides platform/outbound, with which modules, and why. */
const NETWORK_HOMES: readonly { path: RegExp; modules: RegExp; why: string }[] = [
  { path: /^src\/platform\/outbound(\/|\.ts$)/, modules: /./, why: 'the one door out' },
  { path: /^src\/protocols\/http\//, modules: /^node:(https?|http2|net)$/, why: 'the server that listens' },
  { path: /^src\/protocols\/cli\//, modules: /^node:(http|net)$/, why: "the server's owner-only socket" },
  { path: /^src\/protocols\/client\//, modules: /^fetch$/, why: 'runs in the programs of others' },
  { path: /^src\/platform\/db\/engine\//, modules: /^node:(net|tls)$/, why: "the driver's own connections" },
]

export const VAGUE_NAME = /^(.+-)?(utils?|helpers?|common|misc|manager|service|base)$|^types$/
const KEBAB_FILE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|fn))?\.(ts|sql)$/
const SQL_START = /^\s*(select|insert into|update|delete from|with)\s/
const SQL_SHAPE = /^\s*(select\s[^]*\sfrom|insert into|update\s[^]*\sset|delete from|with\s\w+\sas)\s/

export const SOURCE_RULES = {
  'every file belongs to a band (src/*.ts builds; proofs, protocols, features, gate, platform)': eachFile(
    ({ path }) => !/^src\/([a-z-]+(\.test)?\.ts$|(proofs|protocols|features|gate|platform)\/)/.test(path),
  ),
  'process.env is read in platform/config.ts only, and `process` is used as process.<name>': eachNode(
    (found, path) => path !== 'src/platform/config.ts' && readsEnvironment(found),
  ),
  'network goes through platform/outbound only': eachNode(
    (found, path) => isNetworkGlobal(found, path) || isNetworkImport(found, path),
  ),
  'a file has at most 400 lines': eachFile(({ text }) => text.trimEnd().split('\n').length > 400),
  'files and folders are kebab-case': eachFile(
    ({ path }) => !KEBAB_FILE.test(basename(path)) || !/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(dirname(path)),
  ),
  'a name says what is inside (no utils, helpers, common, manager, service, base, types.ts)': eachFile(
    ({ path }) => path.split('/').some(part => VAGUE_NAME.test(part.replace(/\..*$/, ''))),
  ),
  'nothing is left for later (no TODO or FIXME)': eachFile(({ text }) => /\b(TODO|FIXME)\b/.test(text)),
  'exports have names (no default export)': eachNode(({ node }) => node.type.startsWith('ExportDefault')),
  'no barrels: a file does not hand on what others wrote': eachNode(
    ({ node }, path) =>
      node.type === 'ExportAllDeclaration' ||
      // The `sql` tag and its types are part of the face of platform/db.
      (node.type === 'ExportNamedDeclaration' &&
        isNode(node['source']) &&
        !path.startsWith('src/platform/db/')),
  ),
  'a folder has at most 12 files (tests and SQL apart)': files => {
    const folders = Map.groupBy(
      files.filter(({ path }) => /(?<!\.test)\.ts$/.test(path)),
      ({ path }) => dirname(path),
    )
    return [...folders].filter(([, inside]) => inside.length > 12).map(([folder]) => folder)
  },
  'SQL over three lines stands in a .sql file (over ten in an sql`…` tag), outside platform/db': eachNode(
    (found, path) => {
      const text = sqlText(found.node)
      const linesAllowed = isSqlTagged(found) ? 10 : 3
      return (
        !path.startsWith('src/platform/db/') &&
        SQL_START.test(text) &&
        text.trim().split('\n').length > linesAllowed
      )
    },
  ),
  'SQL is never put together from strings: values are bound by the sql`…` tag': eachNode(
    found => SQL_SHAPE.test(sqlText(found.node)) && isPutTogether(found),
  ),
  'a .sql file is read by its neighbours only': eachNode(({ node }) =>
    /\/[^/]+\.sql$/.test(stringText(node).replace(/^\.\//, '')),
  ),
} satisfies Record<string, SourceRule>

/** A rule about files, by path or text. */
function eachFile(isBroken: (file: SourceFile) => boolean): SourceRule {
  return files => files.filter(isBroken).map(({ path }) => path)
}

/** A rule about syntax. Unit tests beside their file are not product code. */
function eachNode(isBroken: (found: Found, path: string) => boolean): SourceRule {
  return files =>
    files
      .filter(({ path }) => !path.endsWith('.test.ts'))
      .flatMap(({ path, text, nodes }) =>
        nodes.filter(found => isBroken(found, path)).map(({ node }) => `${path}:${lineOf(text, node)}`),
      )
}

function readsEnvironment(found: Found): boolean {
  const name = globalName(found)
  const member = memberName(found.parent)
  if (name === 'process') return member === undefined || member === 'env'
  if (name === 'globalThis') return member === 'process'
  return /^(?:node:)?process$/.test(importOf(found.node)?.from ?? '')
}

function isNetworkGlobal(found: Found, path: string): boolean {
  const name = globalName(found) === 'globalThis' ? memberName(found.parent) : globalName(found)
  return name !== undefined && NETWORK_GLOBALS.has(name) && !mayReach(path, name)
}

function isNetworkImport({ node }: Found, path: string): boolean {
  const { from, names } = importOf(node) ?? { from: '', names: [] }
  const isHarmless = names.length > 0 && names.every(name => HARMLESS.has(name))
  return NETWORK_MODULES.test(from) && !isHarmless && !mayReach(path, from)
}

/** SQL is written all in lower or all in upper case; "Select" or "With" begins a sentence, perhaps a prompt. */
function sqlText(node: Node): string {
  const text = stringText(node)
  const firstWord = text.trimStart().split(/\s/, 1).join()
  return firstWord === firstWord.toUpperCase() ? text.toLowerCase() : text
}

function isPutTogether({ node, parent }: Found): boolean {
  const hasPlaceholders = node.type === 'TemplateLiteral' && (node['expressions'] as unknown[]).length > 0
  return (
    parent?.type === 'BinaryExpression' || (hasPlaceholders && parent?.type !== 'TaggedTemplateExpression')
  )
}

function mayReach(path: string, module: string): boolean {
  return NETWORK_HOMES.some(home => home.path.test(path) && home.modules.test(module))
}
