interface Deletion {
  differences: { field: string; before: string | null }[]
}

/** Return a value that a record had before its deletion. */
export function valueBefore({ differences }: Deletion, field: string): string | null {
  return differences.find((each) => each.field === field)?.before ?? null
}
