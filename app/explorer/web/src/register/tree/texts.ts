/** The texts of the trees. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    empty: 'You see no records here.',
    openAll: 'Open all',
    openAllHint: 'Open the chosen record and everything below it',
    closeAll: 'Close all',
    spaceCount: (count: number) => `${count.toLocaleString()} spaces below`,
  },
  zh: {
    empty: '此处没有您可查看的记录。',
    openAll: '全部展开',
    openAllHint: '展开所选记录及其下级',
    closeAll: '全部收起',
    spaceCount: (count: number) => `下级空间 ${count.toLocaleString()} 个`,
  },
})
