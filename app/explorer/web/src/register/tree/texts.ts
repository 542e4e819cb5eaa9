/** The texts of the trees. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    spaceCount: (count: number) => `${count.toLocaleString()} spaces`,
  },
  zh: {
    spaceCount: (count: number) => `${count.toLocaleString()} 个空间`,
  },
})
