/** Reads CSV as the program writes it (RFC 4180, with a byte order mark). */

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y

/** An apostrophe stands before a text that a spreadsheet would run. */
const DISARMED = /^'(?='*[=+\-@\t\r\n])/

/** Return the rows as objects whose names are those of the first row. */
export function csvRows(text: string): Record<string, string>[] {
  const [names = [], ...rows] = cellsOf(text.replace(/^\uFEFF/, ''))
  return rows.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])))
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  CELL.lastIndex = 0
  while (CELL.lastIndex < text.length) {
    const [, quoted, plain = '', end] = CELL.exec(text) ?? []
    if (end === undefined) throw new Error('this is no CSV')
    row.push((quoted?.replaceAll('""', '"') ?? plain).replace(DISARMED, ''))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
