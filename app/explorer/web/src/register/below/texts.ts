/** The texts of the table of everything below a record. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    table: 'Rows',
    name: 'Name',
    type: 'Type',
    status: 'Status',
    area: 'Area (m²)',
    fullName: 'Full name',
    updated: 'Updated',
    nameContains: 'Name contains',
    any: 'any',
    fileHint: 'The program writes a file of all rows',
    rows: (shown: number) => `${shown.toLocaleString()} rows loaded`,
    rowsOf: (shown: number, all: number) => `${shown.toLocaleString()} of ${all.toLocaleString()} rows loaded`,
  },
  zh: {
    table: '表格',
    name: '名称',
    type: '类型',
    status: '状态',
    area: '面积（㎡）',
    fullName: '全称',
    updated: '修改时间',
    nameContains: '名称包含',
    any: '不限',
    fileHint: '由服务生成包含全部行的文件',
    rows: (shown: number) => `已加载 ${shown.toLocaleString()} 行`,
    rowsOf: (shown: number, all: number) => `已加载 ${shown.toLocaleString()} 行，共 ${all.toLocaleString()} 行`,
  },
})
