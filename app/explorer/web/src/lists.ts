/** The lists of an answer as tables: a column for each field, those of single records below with a point between. */

export type Row = Record<string, string>

export interface List {
  /** Where it is in the answer, such as `spaces` or `org.children`. */
  name: string
  columns: string[]
  rows: Row[]
}

type Json = Record<string, unknown>

export function listsIn(data: unknown, name = ''): List[] {
  if (!isObject(data)) return []
  return Object.entries(data).flatMap(([key, value]) => {
    const path = name === '' ? key : `${name}.${key}`
    const records = recordsOf(value)
    return records === null ? listsIn(value, path) : [listOf(path, records), ...listsBeside(value, path)]
  })
}

/** Groups and other lists of a connection beside its records. */
function listsBeside(value: unknown, path: string): List[] {
  if (!isObject(value)) return []
  const others = Object.entries(value).filter(([key]) => key !== 'nodes' && key !== 'edges')
  return listsIn(Object.fromEntries(others), path)
}

/** The records of a connection or of a list, or null for anything else. */
function recordsOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value as unknown[]
  if (!isObject(value)) return null
  if (Array.isArray(value.nodes)) return value.nodes as unknown[]
  return Array.isArray(value.edges) ? (value.edges as unknown[]).map((edge) => isObject(edge) ? edge.node : edge) : null
}

function listOf(name: string, records: unknown[]): List {
  const rows = records.map((record) => rowOf(record))
  return { name, rows, columns: [...new Set(rows.flatMap((row) => Object.keys(row)))] }
}

/** A row of a record; a list of plain values has one column. */
function rowOf(record: unknown, name = ''): Row {
  if (!isObject(record)) return { value: textOf(record) }
  return Object.assign({}, ...Object.entries(record).map(([key, value]) => {
    const path = name === '' ? key : `${name}.${key}`
    return recordsOf(value) === null && isObject(value) ? rowOf(value, path) : { [path]: textOf(value) }
  })) as Row
}

/** A value of a cell; the records of a list by their only fields, as the program's own CSV has them. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  const records = recordsOf(value)
  if (records !== null) return records.map(textOf).join('; ')
  if (!isObject(value)) return typeof value === 'string' ? value : JSON.stringify(value)
  return Object.values(value).map(textOf).filter((text) => text !== '').join(' ')
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
