/** Titles of the values of enumerations, as the schema has them. */
import { enumTexts } from '../generated/enums'
import { language } from '../inBoth'

type Titles = Record<string, { zh: string; en: string } | undefined>

/** Return the title of a value in the language of the page. */
export function titleOf<E extends keyof typeof enumTexts>(type: E, value: keyof (typeof enumTexts)[E] & string): string {
  return (enumTexts[type] as Titles)[value]?.[language] ?? value
}
