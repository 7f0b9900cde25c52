// A table that scrolls sideways by itself where it is too wide, and never makes the page do it.
import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly key: string
  readonly head: ReactNode
  readonly cell: (row: Row) => ReactNode
  /** Figures stand at the right. */
  readonly isFigure?: boolean
  /** Left out where the screen is narrow. */
  readonly isMinor?: boolean
  /** What can be done with a row: stays in sight, at the end, when the table is scrolled sideways. */
  readonly isPinned?: boolean
}

export interface TableProps<Row> {
  /** What it lists, for those who hear the page. */
  readonly caption: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
}

export function Table<Row>({ caption, rows, columns, keyOf }: TableProps<Row>) {
  return (
    // A region that scrolls must be reachable by key (WCAG 2.1.1).
    <section
      aria-label={caption}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="relative overflow-x-auto rounded-lg border border-line bg-card"
    >
      <table className="w-full text-left text-sm">
        <caption className="unseen">{caption}</caption>
        <thead className="border-b border-line bg-sunken text-xs text-soft">
          <tr>
            {columns.map(({ key, head, ...column }) => (
              <th
                key={key}
                scope="col"
                className={cellLook(column, 'bg-sunken py-1.5 font-medium whitespace-nowrap')}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={keyOf(row)} className="group border-b border-line last:border-0">
              {columns.map(({ key, cell, ...column }) => (
                <td key={key} className={cellLook(column, 'bg-card py-2 group-hover:bg-hover')}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

type Kind = Pick<Column<never>, 'isFigure' | 'isMinor' | 'isPinned'>

function cellLook({ isFigure = false, isMinor = false, isPinned = false }: Kind, more: string): string {
  const figure = isFigure ? 'figures text-end' : ''
  const minor = isMinor ? 'hidden md:table-cell' : ''
  const pinned = isPinned
    ? 'sticky end-0 text-end max-md:px-1 max-md:shadow-[-1px_0_0_var(--color-line)]'
    : ''
  return `px-3 align-top ${more} ${figure} ${minor} ${pinned}`
}
