// What holds for the sources of the page: each rule is a sentence and a function that names its offenders.
// tests/architecture plants a violation of every one of them.
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SHARED_WITH_PAGE } from '../../bin/build-page.mjs'
import { VAGUE_NAME } from './source-rules.ts'
import {
  globalName,
  importOf,
  isNode,
  lineOf,
  memberName,
  parse,
  stringText,
  type Found,
  type Node,
} from './syntax.ts'

interface WebFile {
  readonly path: string
  readonly text: string
  readonly nodes: readonly Found[]
}

/** `read` answers a file of the repository by its path. */
type WebRule = (files: readonly WebFile[], read: (path: string) => string) => string[]

const NETWORK = new Set(['fetch', 'EventSource', 'WebSocket', 'XMLHttpRequest'])
/** The live test calls as the client would that is being set up: by its token, and without the session. */
const NETWORK_HOMES = ['web/src/api/', 'web/src/journeys/connect/live-test/']
const STORES = new Set(['localStorage', 'sessionStorage', 'indexedDB'])
/** Ways by which text becomes HTML, or a script. */
const HTML_DOORS = new Set([
  'dangerouslySetInnerHTML',
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'srcDoc',
  'srcdoc',
])

export const WEB_RULES = {
  'the page takes of the server what it shares with it (SHARED_WITH_PAGE), and nothing else': eachNode(
    ({ node }, path) => {
      const target = targetOf(node, path)
      return target !== undefined && !target.startsWith('web/src/') && !isShared(target)
    },
  ),
  'what the page takes of the server runs anywhere: it brings nothing but its like': (files, read) =>
    [...takenFromServer(files, read)]
      .filter(([, brought]) => brought.some(target => !isShared(target)))
      .map(([path]) => path),
  'the page asks the server in web/src/api only': eachNode(
    (found, path) => !NETWORK_HOMES.some(home => path.startsWith(home)) && isGlobal(found, NETWORK),
  ),
  'the page keeps nothing in the browser': eachNode(found => isGlobal(found, STORES)),
  'text never becomes HTML: text nodes and ranges only': eachNode(found => isHtmlDoor(found)),
  'a file of the page has at most 400 lines': eachFile(({ text }) => text.trimEnd().split('\n').length > 400),
  'files and folders of the page are kebab-case': eachFile(
    ({ path }) =>
      !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(tsx?|css|svg)$/.test(basename(path)) ||
      !/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(dirname(path)),
  ),
  'a name of the page says what is inside (no utils, helpers, common, manager, service, base, types.ts)':
    eachFile(({ path }) => path.split('/').some(part => VAGUE_NAME.test(part.replace(/\..*$/, '')))),
  'nothing of the page is left for later (no TODO or FIXME)': eachFile(({ text }) =>
    /\b(TODO|FIXME)\b/.test(text),
  ),
  'exports of the page have names (no default export)': eachNode(({ node }) =>
    node.type.startsWith('ExportDefault'),
  ),
  'no barrels in the page: a file does not hand on what others wrote': eachNode(
    ({ node }) =>
      node.type === 'ExportAllDeclaration' ||
      (node.type === 'ExportNamedDeclaration' && isNode(node['source'])),
  ),
  'a folder of the page has at most 12 files (tests apart)': files => {
    const sources = files.filter(({ path }) => /(?<!\.test)\.tsx?$/.test(path))
    const folders = Map.groupBy(sources, ({ path }) => dirname(path))
    return [...folders].filter(([, inside]) => inside.length > 12).map(([folder]) => folder)
  },
} satisfies Record<string, WebRule>

/** "path:line: the rule", for every rule and every file below web/src that a person wrote. */
export function checkWebSources(root: string): { readonly faults: string[]; readonly filesSeen: number } {
  const files = globSync('web/src/**/*.*', { cwd: root, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.gen.ts'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(root, '/').length))
    .map(path => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, nodes: /\.tsx?$/.test(path) ? parse(text, path.endsWith('.tsx')) : [] }
    })
  const faults = Object.entries(WEB_RULES).flatMap(([sentence, isBroken]) =>
    isBroken(files, path => readFileSync(join(root, path), 'utf8')).map(
      offender => `${offender}: ${sentence}`,
    ),
  )
  return { faults, filesSeen: files.length }
}

function eachFile(isBroken: (file: WebFile) => boolean): WebRule {
  return files => files.filter(isBroken).map(({ path }) => path)
}

function eachNode(isBroken: (found: Found, path: string) => boolean): WebRule {
  return files =>
    files
      .filter(({ path }) => !/\.test\.tsx?$/.test(path))
      .flatMap(({ path, text, nodes }) =>
        nodes.filter(found => isBroken(found, path)).map(({ node }) => `${path}:${lineOf(text, node)}`),
      )
}

/** Every way to name a module by its path counts, a type's too: what is not there cannot be moved by accident. */
function targetOf(node: Node, path: string): string | undefined {
  const isImport = /^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && isNode(node['source'])
  const isDynamic = node.type === 'CallExpression' && (node['callee'] as Node).type === 'Import'
  const [first] = isDynamic ? (node['arguments'] as { expression: Node }[]) : []
  const typeArgument = node.type === 'TsImportType' ? (node['argument'] as Node) : undefined
  const from = stringText(isImport ? (node['source'] as Node) : (first?.expression ?? typeArgument))
  return from.startsWith('.') ? join(dirname(path), from) : undefined
}

function isShared(target: string): boolean {
  return SHARED_WITH_PAGE.some(shared => target === shared || target.startsWith(`${shared}/`))
}

/** The server's files that end in the page, each with what it imports at run time: files by path, packages by name. */
function takenFromServer(
  files: readonly WebFile[],
  read: (path: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const taken = new Map<string, readonly string[]>()
  const take = (nodes: readonly Found[], path: string): void => {
    for (const target of broughtBy(nodes, path).filter(isShared)) {
      if (taken.has(target)) continue
      const inside = parse(read(target))
      taken.set(target, broughtBy(inside, target))
      take(inside, target)
    }
  }
  for (const { nodes, path } of files) if (!/\.test\.tsx?$/.test(path)) take(nodes, path)
  return taken
}

function broughtBy(nodes: readonly Found[], path: string): string[] {
  return nodes
    .map(({ node }) => importOf(node)?.from ?? '')
    .filter(from => from !== '')
    .map(from => (from.startsWith('.') ? join(dirname(path), from) : from))
}

function isGlobal(found: Found, names: ReadonlySet<string>): boolean {
  const name = globalName(found)
  const isWindow = name === 'globalThis' || name === 'window' || name === 'self'
  return names.has((isWindow ? memberName(found.parent) : name) ?? '')
}

function isHtmlDoor({ node }: Found): boolean {
  if (node.type !== 'JSXAttribute') return HTML_DOORS.has(memberName(node) ?? '')
  return HTML_DOORS.has(String((node['name'] as Node)['value']))
}
