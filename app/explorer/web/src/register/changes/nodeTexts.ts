/** The texts of what is done with organisations and spaces. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    actions: 'Changes',
    name: 'Name',
    rename: 'Rename',
    renameOf: (name: string) => `Rename ${name}`,
    enable: 'Enable',
    enableOf: (name: string) => `Enable ${name}`,
    disable: 'Disable',
    disableOf: (name: string) => `Disable ${name}`,
  },
  zh: {
    actions: '变更操作',
    name: '名称',
    rename: '重命名',
    renameOf: (name: string) => `重命名：${name}`,
    enable: '启用',
    enableOf: (name: string) => `启用：${name}`,
    disable: '禁用',
    disableOf: (name: string) => `禁用：${name}`,
  },
})
