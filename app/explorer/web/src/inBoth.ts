/** The language of the browser: Chinese where it comes before English. */
export const language: 'zh' | 'en' =
  navigator.languages.find((each) => /^(zh|en)\b/.test(each))?.startsWith('zh') === true ? 'zh' : 'en'

/** Return the texts in the language of the browser; both tables have the same texts. */
export function inBoth<T>(texts: { en: T; zh: T }): T {
  return texts[language]
}
