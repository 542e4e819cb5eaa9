import { lazy, type ReactNode, Suspense, useState } from 'react'
import { PageLink } from '../../PageLink'
import { Actions } from '../changes/Actions'
import { headingOf } from '../changes/showRecord'
import { OpenDialog } from '../OpenDialog'
import { type Place, pathOf } from '../place'
import { tabsOf } from '../tabs'
import { texts as common } from '../texts'
import { titleOf } from '../titles'
import { Trouble } from '../Trouble'
import { Breadcrumbs } from './Breadcrumbs'
import { typeTitleOf } from './kinds'
import { type RegisterRecord, useRecord } from './records'
import { texts } from './texts'

const DeletedRecord = lazy(() => import('../history/DeletedRecord'))

/**
 * The record that is chosen: where it is, what it is, and its views. It is shown while it cannot be read again, and a dialog
 * stays open until the person closes it.
 */
export function RecordPane({ place }: { place: Place }) {
  const { data, error, refetch } = useRecord(place.tree, place.record)
  const [dialog, setDialog] = useState<ReactNode>(null)
  return (
    <OpenDialog value={setDialog}>
      {error !== null && <Trouble error={error} onRetry={() => { void refetch() }} />}
      {data === undefined && error === null && <p className="loading">{common.loading}</p>}
      {data === null && <Suspense fallback={<p className="loading">{common.loading}</p>}><DeletedRecord place={place} /></Suspense>}
      {data != null && <Breadcrumbs record={data} />}
      {data != null && <RecordHead record={data} />}
      <Actions record={data ?? null} />
      {data != null && <Views record={data} place={place} />}
      {dialog}
    </OpenDialog>
  )
}

function RecordHead({ record }: { record: RegisterRecord }) {
  return (
    <header className="record-head">
      <h2 key={record.id} tabIndex={-1} ref={headingOf(record.id)}>{record.name}</h2>
      <span className="chip">{typeTitleOf(record)}</span>
      <span className={record.status === 'ENABLED' ? 'chip' : 'chip disabled'}>{titleOf('Status', record.status)}</span>
    </header>
  )
}

function Views({ record, place }: { record: RegisterRecord; place: Place }) {
  const tabs = tabsOf(record)
  const shown = tabs.find(({ name }) => name === place.view) ?? tabs[0]
  if (shown === undefined) return null
  return (
    <>
      <nav aria-label={texts.views} className="views">
        {tabs.map((tab) => (
          <PageLink key={tab.name} to={pathOf({ ...place, view: tab.name })} isCurrent={tab === shown}>{tab.title}</PageLink>
        ))}
      </nav>
      <section className="view" aria-label={shown.title}>
        <Suspense fallback={<p className="loading">{common.loading}</p>}>
          <shown.View key={record.id} record={record} />
        </Suspense>
      </section>
    </>
  )
}
