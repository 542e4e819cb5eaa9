import './house.css'
import { useEffect, useRef } from 'react'
import { PageLink } from '../../PageLink'
import { pathOf } from '../place'
import { texts as common } from '../texts'
import { titleOf } from '../titles'
import { Occupants } from './Occupants'
import { useResidents } from './residents'
import { texts } from './texts'

interface Props {
  id: string
  onClose: () => void
}

/** A property beside the plan that it was opened from. */
export function PropertyPanel({ id, onClose }: Props) {
  const panel = useRef<HTMLElement>(null)
  const { data } = useResidents(id)
  const isLoading = data === undefined
  useEffect(() => { panel.current?.scrollIntoView({ block: 'nearest' }) }, [isLoading])
  return (
    <section
      ref={panel} className="property" aria-label={data?.name ?? common.loading}
      onKeyDown={({ key }) => { if (key === 'Escape') onClose() }}
    >
      <header>
        <div role="status"><h3>{data?.name ?? common.loading}</h3></div>
        <button type="button" onClick={onClose}>{common.close}</button>
      </header>
      {data && (
        <p className="quiet">
          {data.fullName}
          {data.parkingDetail?.status && <> · {titleOf('ParkingStatus', data.parkingDetail.status)}</>}
          <br />
          <PageLink to={pathOf({ tree: 'space', record: id, view: 'residents' })}>{texts.record}</PageLink>
        </p>
      )}
      <Occupants id={id} />
    </section>
  )
}
