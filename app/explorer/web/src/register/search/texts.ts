/** The texts of the search. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    search: 'Search by name',
    results: 'Results',
    none: 'No name contains this text.',
    more: (shown: number) => `The first ${shown.toString()}, by pinyin. Type more letters.`,
    some: (shown: number) => `${shown.toString()} found`,
  },
  zh: {
    search: '按名称搜索',
    results: '搜索结果',
    none: '没有名称包含此文字的记录。',
    more: (shown: number) => `按拼音排列的前 ${shown.toString()} 条，请输入更多文字。`,
    some: (shown: number) => `找到 ${shown.toString()} 条`,
  },
})
