/** Fields of records and their values, in words. */
import { enumTexts } from '../../generated/enums'
import { fieldTexts } from '../../generated/fields'
import { inBoth, language } from '../../inBoth'
import type { Tree } from '../place'
import { moment } from '../record/times'
import { titleOf } from '../titles'
import { type Kind, kindOf } from './kinds'
import { texts } from './texts'

type Texts = Record<string, { zh: string; en: string; type: string } | undefined>

/** Order and place of a record, which its full name says in words. */
const NOT_SHOWN = ['path', 'depth']

export function isShown(field: string): boolean {
  return !NOT_SHOWN.includes(field)
}

function textOf(kind: Kind, field: string) {
  return (fieldTexts[kindOf(kind).type] as Texts)[field]
}

export function titleOfField(kind: Kind, field: string): string {
  return textOf(kind, field)?.[language] ?? field
}

/** Return the tree of the record that a field leads to, or null. */
export function treeOfField(kind: Kind, field: string): Tree | null {
  const type = textOf(kind, field)?.type
  return type === 'Space' ? 'space' : type === 'Org' ? 'org' : null
}

/** Return a value in words. */
export function wordsOf(kind: Kind, field: string, value: string | null): string {
  if (value === null) return texts.none
  const type = textOf(kind, field)?.type ?? ''
  if (type in enumTexts) return titleOf(type as keyof typeof enumTexts, value as never)
  if (type === 'DateTime') return moment(value)
  if (type === 'Boolean') return value === 'true' ? texts.yes : texts.no
  return value
}

/** Put several words into one sentence. */
export function joined(words: string[]): string {
  return words.join(inBoth({ en: ', ', zh: '、' }))
}
