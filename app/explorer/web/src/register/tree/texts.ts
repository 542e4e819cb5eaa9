/** The texts of the trees. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    openAll: 'Open all',
    openAllHint: 'Open the chosen record and everything below it',
    closeAll: 'Close all',
    spaceCount: (count: number) => `${count.toLocaleString()} spaces below`,
  },
  zh: {
    openAll: '全部展开',
    openAllHint: '展开所选记录及其下级',
    closeAll: '全部收起',
    spaceCount: (count: number) => `下级空间 ${count.toLocaleString()} 个`,
  },
})
