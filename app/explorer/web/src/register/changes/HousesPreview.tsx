import type { PlannedFloor } from './housePlan'
import { texts } from './houseTexts'

interface Props {
  floors: PlannedFloor[]
  /** Why a record cannot be created, by its key. */
  errors: ReadonlyMap<string, string>
}

/** The houses as they will stand, the top floor first. */
export function HousesPreview({ floors, errors }: Props) {
  return (
    <div className="preview" tabIndex={0} role="region" aria-label={texts.preview}>
      <table>
        <caption>{texts.preview}</caption>
        <tbody>
          {[...floors].reverse().map(({ number, name, isKnown, houses }) => (
            <tr key={number}>
              <th scope="row">{name}{isKnown && <small> {texts.known}</small>}</th>
              {houses.map((house) => (
                <td key={house.key} className={house.isKnown ? 'known' : errors.has(house.key) ? 'wrong' : undefined} title={errors.get(house.key)}>
                  {house.name}
                  {house.isKnown && <small> {texts.known}</small>}
                  {errors.has(house.key) && <small> ⚠</small>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
