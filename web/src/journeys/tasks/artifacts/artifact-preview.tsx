// What an artifact holds, shown: Markdown as text, data laid out, CSV as a table. Whatever it holds stays text.
import type { TaskPart } from '../../../../../src/protocols/client/task/task-shape.ts'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { AnswerText } from '../../ask/answer/answer-text.tsx'
import { kindOf, textOf } from './artifact-file.ts'
import { csvRows } from './csv-rows.ts'

/** More of it is in the file. */
const MOST_ROWS = 200
const MOST_CHARACTERS = 100_000

export function PartPreview({ part, name }: { readonly part: TaskPart; readonly name: string }) {
  const kind = kindOf(part, name)
  const text = textOf(part)
  if (text.length > MOST_CHARACTERS) {
    return (
      <>
        <Plain text={text.slice(0, MOST_CHARACTERS)} name={name} />
        <p className="mt-2 text-sm text-soft">There is more of it: download it to see all.</p>
      </>
    )
  }
  if (kind === 'csv') return <CsvTable text={text} name={name} />
  return kind === 'markdown' ? <AnswerText text={text} /> : <Plain text={text} name={name} />
}

function Plain({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    // A region that scrolls must be reachable by key (WCAG 2.1.1).
    <pre
      role="region"
      aria-label={name}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere"
    >
      {text}
    </pre>
  )
}

interface Row {
  readonly index: number
  readonly cells: readonly string[]
}

function CsvTable({ text, name }: { readonly text: string; readonly name: string }) {
  const [head = [], ...rows] = csvRows(text, MOST_ROWS + 1)
  const numbered = rows.map((cells, index): Row => ({ index, cells }))
  return (
    <>
      <Table
        caption={name}
        rows={numbered}
        keyOf={({ index }) => String(index)}
        columns={head.map(
          (title, at): Column<Row> => ({
            key: String(at),
            head: <bdi>{title}</bdi>,
            cell: ({ cells }) => <bdi className="wrap-anywhere">{cells[at] ?? ''}</bdi>,
          }),
        )}
      />
      {rows.length === MOST_ROWS && <p className="mt-2 text-sm text-soft">The first {MOST_ROWS} rows.</p>}
    </>
  )
}
