// Rows of a table as lines that repeat the column names ("Name: Alice · City: Paris"), so that a passage cut from the
// middle of a table makes sense alone.

export interface RowLines {
  /** The line for a row, without its line end; undefined for a row that gives none: empty, or the column names. */
  next(cells: readonly string[]): string | undefined
}

/** `nameOf` names column 0, 1, … where the first row does not. Rows of one cell before the first wider one are titles. */
export function rowLines(nameOf: (column: number) => string): RowLines {
  let names: readonly string[] | undefined
  return {
    next(row) {
      const cells = row.map(oneLine)
      const filled = cells.filter(cell => cell !== '')
      if (filled.length === 0) return undefined
      if (names === undefined) {
        if (filled.length === 1) return filled[0]
        names = areNames(filled) ? cells : []
        if (names.length > 0) return undefined
      }
      return cells
        .map((cell, column) => (cell === '' ? '' : `${named(names, column, nameOf)}: ${cell}`))
        .filter(part => part !== '')
        .join(' · ')
    },
  }
}

/** Column names are words, and each stands once. */
function areNames(cells: readonly string[]): boolean {
  return (
    cells.every(cell => /\p{L}/u.test(cell) && cell.length <= 120) && new Set(cells).size === cells.length
  )
}

function named(
  names: readonly string[] | undefined,
  column: number,
  nameOf: (column: number) => string,
): string {
  const name = names?.[column]
  return name === undefined || name === '' ? nameOf(column) : name
}

function oneLine(cell: string): string {
  return cell.replace(/\s+/g, ' ').trim()
}
