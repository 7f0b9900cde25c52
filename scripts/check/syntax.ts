// A small face over swc's syntax tree, for the rules of source-rules.ts.
import { parseSync } from '@swc/core'

export interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

export interface Found {
  readonly node: Node
  readonly parent: Node | undefined
}

export function parse(text: string, tsx = false): Found[] {
  return [...found(parseSync(text, { syntax: 'typescript', tsx, target: 'es2022' }))]
}

function* found(value: unknown, parent?: Node): Generator<Found> {
  if (Array.isArray(value)) {
    for (const item of value) yield* found(item, parent)
  } else if (isNode(value)) {
    yield { node: value, parent }
    for (const inner of Object.values(value)) yield* found(inner, value)
  } else if (typeof value === 'object' && value !== null) {
    // Arguments come wrapped as { spread, expression }: no node of their own.
    for (const inner of Object.values(value)) yield* found(inner, parent)
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** swc counts bytes from 1. */
export function lineOf(text: string, node: Node): number {
  const { start } = node['span'] as { start: number }
  return Buffer.from(text).subarray(0, start).toString().split('\n').length
}

/** The name of a value no scope of the file declares: swc resolves scopes and marks these with context 1. */
export function globalName({ node, parent }: Found): string | undefined {
  const isTypeOnly = parent?.type === 'TsTypeQuery' || parent?.type === 'TsQualifiedName'
  return node.type === 'Identifier' && node['ctxt'] === 1 && !isTypeOnly ? String(node['value']) : undefined
}

/** `name` of `x.name` and `x['name']`; undefined where it is computed, or no member at all. */
export function memberName(node: Node | undefined): string | undefined {
  if (node?.type !== 'MemberExpression') return undefined
  const property = node['property'] as Node
  const name = property.type === 'Computed' ? (property['expression'] as Node) : property
  return name.type === 'Identifier' || name.type === 'StringLiteral' ? String(name['value']) : undefined
}

/** What a node brings in at run time: the module and the names taken from it, none when it takes everything. */
export function importOf(node: Node): { from: string; names: string[] } | undefined {
  if (node.type === 'CallExpression' && (node['callee'] as Node).type === 'Import') {
    const [first] = node['arguments'] as { expression: Node }[]
    return { from: stringText(first?.expression), names: [] }
  }
  if (!/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) || !isNode(node['source']))
    return undefined
  const named = (node['specifiers'] ?? []) as Node[]
  const specifiers = named.filter(each => each['isTypeOnly'] !== true)
  // One that names nothing is there for what it does.
  const isTypeOnly = node['typeOnly'] === true || (named.length > 0 && specifiers.length === 0)
  if (isTypeOnly) return undefined
  const names = specifiers.map(each => (each['imported'] ?? each['orig'] ?? each['local']) as Node)
  return { from: stringText(node['source']), names: names.map(name => String(name['value'])) }
}

/** The text of a string or template; a placeholder stands as `?`. Empty for any other node. */
export function stringText(node: Node | undefined): string {
  if (node?.type === 'StringLiteral') return String(node['value'])
  if (node?.type === 'TemplateLiteral') return (node['quasis'] as Node[]).map(part => part['raw']).join('?')
  return ''
}

export function isSqlTagged({ parent }: Found): boolean {
  return parent?.type === 'TaggedTemplateExpression' && (parent['tag'] as Node)['value'] === 'sql'
}
