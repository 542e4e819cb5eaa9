/** CSV as the program writes it: UTF-8 with a byte order mark, lines that end with CRLF, no cell that is a formula. */
import type { List } from './lists'

const FORMULA = /^'*[=+\-@\t\r\n]/
const NUMBER = /^-?\d+(\.\d+)?$/
const SPECIAL = /[",\r\n]/

export function csvOf({ columns, rows }: List): Blob {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  return new Blob(['\uFEFF', ...lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`)], { type: 'text/csv' })
}

function cellOf(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
