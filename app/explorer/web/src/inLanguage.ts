import { graphiqlChinese } from './graphiqlChinese'
import { language } from './inBoth'

/** Return a text of GraphiQL in the language of the page. */
export function inLanguage(text: string): string {
  return language === 'zh' ? graphiqlChinese[text] ?? text : text
}
