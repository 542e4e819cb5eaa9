/** The texts of plans of buildings and car parks. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    marks: {
      OWNER: 'Owner lives there', TENANT: 'Tenant lives there', AWAY: 'Residents away', EMPTY: 'Empty',
      OWNED: 'Owned', LET: 'Rented', FREE: 'Free', PENDING: 'Awaiting verification', DISABLED: 'Disabled',
    },
    letters: { OWNER: 'O', TENANT: 'T', AWAY: 'A', EMPTY: '–', OWNED: 'O', LET: 'R', FREE: '–', PENDING: '?', DISABLED: '×' },
    legend: 'Legend: choose what to highlight',
    highlighted: (count: number, all: number) => `${count.toLocaleString()} of ${all.toLocaleString()} highlighted`,
    keys: 'Arrow keys move, Enter opens, Escape closes.',
  },
  zh: {
    marks: {
      OWNER: '业主在住', TENANT: '租客在住', AWAY: '有主暂离', EMPTY: '空置',
      OWNED: '已售', LET: '已租', FREE: '闲置', PENDING: '待认证', DISABLED: '禁用',
    },
    letters: { OWNER: '业', TENANT: '租', AWAY: '离', EMPTY: '–', OWNED: '售', LET: '租', FREE: '–', PENDING: '?', DISABLED: '×' },
    legend: '图例：选择要突出显示的状态',
    highlighted: (count: number, all: number) => `已突出显示 ${count.toLocaleString()} / ${all.toLocaleString()}`,
    keys: '方向键移动，回车打开，Esc 关闭。',
  },
})
