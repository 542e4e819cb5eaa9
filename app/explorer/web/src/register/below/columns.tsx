/** The columns of the table. */
import { createColumnHelper, rowSortingFeature, tableFeatures } from '@tanstack/react-table'
import { PageLink } from '../../PageLink'
import { pathOf } from '../place'
import { typeTitleOf } from '../record/kinds'
import { moment } from '../record/times'
import { titleOf } from '../titles'
import type { Listed } from './conditions'
import type { BelowRow } from './lists'
import { texts } from './texts'

/** The program orders the rows. */
export const FEATURES = tableFeatures({ rowSortingFeature })

const helper = createColumnHelper<typeof FEATURES, BelowRow>()

const ALL = helper.columns([
  helper.accessor('name', { header: texts.name, cell: ({ row: { original } }) => <RecordLink row={original} /> }),
  helper.accessor('type', { header: texts.type, cell: ({ row: { original } }) => typeTitleOf(original) }),
  helper.accessor('status', { header: texts.status, cell: ({ row: { original } }) => titleOf('Status', original.status) }),
  helper.accessor((row) => row.__typename === 'Space' ? row.area : null, { id: 'area', header: texts.area }),
  helper.accessor('fullName', { header: texts.fullName }),
  helper.accessor('updatedAt', { header: texts.updated, cell: ({ row: { original } }) => moment(original.updatedAt) }),
])

export const COLUMNS: Record<Listed, typeof ALL> = {
  spaces: ALL,
  orgs: ALL.filter(({ id }) => id !== 'area') as unknown as typeof ALL,
}

function RecordLink({ row }: { row: BelowRow }) {
  const tree = row.__typename === 'Space' ? 'space' : 'org'
  return <PageLink to={pathOf({ tree, record: row.id })}>{row.name}</PageLink>
}
