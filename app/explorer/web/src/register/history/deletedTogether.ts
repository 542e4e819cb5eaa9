/** What comes back with a deleted record: all that the same deletion removed. */
import type { DeletedTogetherQuery } from '../../generated/graphql'
import type { Effect } from '../changes/effects'
import type { RecordedChange } from './entries'
import { texts } from './texts'
import { valueBefore } from './valueBefore'

interface WhatComesBack {
  effects: Effect[]
  /** Whether the numbers are of a deletion that removed more than the record and what lay below it. */
  isOfMore: boolean
}

export function effectsOfReturn(undone: RecordedChange, { spaces, relations, others }: DeletedTogetherQuery): WhatComesBack {
  const nodes = spaces?.nodes ?? []
  const path = valueBefore(undone, 'path') ?? ''
  const below = nodes.filter((node) => node.entityId !== undone.entityId && (valueBefore(node, 'path') ?? '').startsWith(path))
  const isPart = spaces?.totalCount !== nodes.length
  const rows: [string, number, string][] = [
    [texts.spacesBelow, below.length, isPart ? texts.atLeast(below.length) : below.length.toString()],
    ...([[texts.relations, relations?.totalCount], [texts.others, others?.totalCount]] as const)
      .map(([title, count]): [string, number, string] => [title, count ?? 0, (count ?? 0).toString()]),
  ]
  return {
    effects: [
      { title: texts.record, before: texts.deletedChip, after: texts.exists },
      ...rows.filter(([, count]) => count > 0).map(([title, , count]) => ({ title, before: '', after: texts.comesBack(count) })),
    ],
    isOfMore: isPart || below.length + 1 < nodes.length,
  }
}
