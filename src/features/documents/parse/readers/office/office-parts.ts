// What all office files share: which kind it is, its XML parts without doctype, the targets of its relations, its title.
import { Parser } from 'htmlparser2'
import { Refusal } from '../../refusal.ts'
import { titleOf } from '../reading.ts'
import type { Zip } from './zip.ts'

export type OfficeKind = 'docx' | 'xlsx' | 'pptx'

const MAIN_PART: Record<OfficeKind, RegExp> = {
  docx: /^word\/document\d*\.xml$/,
  xlsx: /^xl\/workbook\d*\.xml$/,
  pptx: /^ppt\/presentation\d*\.xml$/,
}

/** Undefined for a ZIP that is no office file; one that is two of them is refused. */
export function officeKind(zip: Zip): OfficeKind | undefined {
  const kinds = (['docx', 'xlsx', 'pptx'] as const).filter(kind => mainPart(zip, kind) !== undefined)
  if (kinds.length > 1) throw new Refusal('ambiguous_type')
  return zip.names.has('[Content_Types].xml') ? kinds[0] : undefined
}

export function mainPart(zip: Zip, kind: OfficeKind): string | undefined {
  return [...zip.names].find(name => MAIN_PART[kind].test(name))
}

export interface XmlEvents {
  open?(name: string, attributes: Record<string, string>): void
  text?(text: string): void
  close?(name: string): void
}

/**
 * Reads one part with plain names ("p:sp" is `sp`). `drain` is awaited now and then, to put away what was read so far.
 * Throws damaged where the part is missing or declares a doctype.
 */
export async function readXml(
  zip: Zip,
  part: string,
  events: XmlEvents,
  drain?: () => Promise<void>,
): Promise<void> {
  const xml = xmlText(zip.bytes(part))
  if (xml === undefined) throw new Refusal('damaged')
  const parser = new Parser(
    {
      onopentag: (name, attributes) => events.open?.(localName(name), attributes),
      ontext: text => events.text?.(text),
      onclosetag: name => events.close?.(localName(name)),
    },
    { xmlMode: true },
  )
  for (let at = 0; at < xml.length; at += 65_536) {
    parser.write(xml.slice(at, at + 65_536))
    await drain?.()
  }
  parser.end()
  await drain?.()
}

/**
 * A part as text. A doctype has no place in an office file, and entities declared in it (XXE, billion laughs) are the
 * only use anybody has for one: refused before any parser sees it.
 */
export function xmlText(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return undefined
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8'
  const xml = new TextDecoder(encoding).decode(bytes)
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw new Refusal('damaged')
  return xml
}

export interface Relation {
  readonly type: string
  /** The exact name of an entry. */
  readonly target: string
}

/** The relations of a part by id; none where it has no relations. Targets outside the file are left out. */
export async function relationsOf(zip: Zip, part: string): Promise<Map<string, Relation>> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const rels = `${folder}_rels/${part.slice(folder.length)}.rels`
  const relations = new Map<string, Relation>()
  if (!zip.names.has(rels)) return relations
  await readXml(zip, rels, {
    open(name, { Id: id = '', Target: target = '', Type: type = '', TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External') return
      relations.set(id, { type: type.slice(type.lastIndexOf('/') + 1), target: entryName(folder, target) })
    },
  })
  return relations
}

/** `../` goes up within the names of the ZIP, which are only names. */
function entryName(folder: string, target: string): string {
  const path = target.startsWith('/') ? target : `/${folder}${target}`
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

export async function officeTitle(zip: Zip): Promise<string | null> {
  if (!zip.names.has('docProps/core.xml')) return null
  let title: string | undefined
  let inside = false
  await readXml(zip, 'docProps/core.xml', {
    open: name => (inside = name === 'title'),
    text: text => (inside ? (title = `${title ?? ''}${text}`) : undefined),
    close: () => (inside = false),
  })
  return titleOf(title)
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
