/** The texts of a building. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    nothing: 'No floors and no houses.',
    housesOf: (name: string) => `Houses of ${name}`,
    noFloor: 'No floor',
  },
  zh: {
    nothing: '没有楼层和房屋。',
    housesOf: (name: string) => `${name}的房屋`,
    noFloor: '无楼层',
  },
})
