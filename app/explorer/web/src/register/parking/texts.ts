/** The texts of parking. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: { nothing: 'No parking places.', placesOf: (name: string) => `Parking places of ${name}`, carPark: 'Car park' },
  zh: { nothing: '没有车位。', placesOf: (name: string) => `${name}的车位`, carPark: '车场' },
})
