/** The views of a record. A new view is a row here and a folder beside it. */
import { type ComponentType, lazy } from 'react'
import { inBoth } from '../inBoth'
import { Overview } from './record/Overview'
import type { RegisterRecord } from './record/records'

export interface ViewProps {
  record: RegisterRecord
}

export interface Tab {
  /** The name in the address. */
  name: string
  title: string
  /** Whether a record has this view; all have it by default. */
  isFor?: (record: RegisterRecord) => boolean
  /** Load it with `lazy` unless it is small, so that the page paints early. */
  View: ComponentType<ViewProps>
}

const TABS: Tab[] = [
  { name: 'overview', title: inBoth({ en: 'Overview', zh: '概览' }), View: Overview },
  { name: 'below', title: inBoth({ en: 'Everything below', zh: '全部下级' }), View: lazy(() => import('./below/Below')) },
  { name: 'history', title: inBoth({ en: 'History', zh: '变更历史' }), View: lazy(() => import('./history/HistoryView')) },
  {
    name: 'building', title: inBoth({ en: 'Building', zh: '楼栋图' }), isFor: isA('BUILDING', 'UNIT'),
    View: lazy(() => import('./building/Building')),
  },
  {
    name: 'residents', title: inBoth({ en: 'Residents', zh: '住户' }), isFor: isA('HOUSE', 'PARK_SPACE'),
    View: lazy(() => import('./house/Residents')),
  },
  {
    name: 'parking', title: inBoth({ en: 'Parking', zh: '车位' }), isFor: isA('COMMUNITY', 'ZONE', 'PARK', 'PARK_NAME', 'PARK_AREA'),
    View: lazy(() => import('./parking/Parking')),
  },
  {
    name: 'totals', title: inBoth({ en: 'Totals', zh: '统计' }), isFor: isA('BUSINESS', 'COMMUNITY', 'ZONE', 'STRUCTURE'),
    View: lazy(() => import('./totals/Totals')),
  },
]

/** Return whether a record is of one of these types. */
function isA(...types: RegisterRecord['type'][]): (record: RegisterRecord) => boolean {
  return ({ type }) => types.includes(type)
}

/** Return the views of a record. */
export function tabsOf(record: RegisterRecord): Tab[] {
  return TABS.filter(({ isFor }) => isFor?.(record) ?? true)
}
