/** The texts of the residents of a house, or the holders of a parking place. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    holders: 'Who has it now',
    noHolders: 'Nobody owns or rents it.',
    hidden: 'A customer whom you may not see',
    main: 'Main owner',
    recorded: (time: string) => `recorded ${time}`,
    claims: 'Claims that wait for a decision',
    noClaims: 'None.',
    unnamed: 'No name',
    log: 'Moved in or out',
    noLog: 'No entries.',
    more: (count: number) => `${count.toLocaleString()} older entries are not shown.`,
    record: 'Open the record',
  },
  zh: {
    holders: '当前住户',
    noHolders: '没有业主或租客。',
    hidden: '您无权查看的客户',
    main: '主业主',
    recorded: (time: string) => `登记于 ${time}`,
    claims: '待审核的认证',
    noClaims: '无。',
    unnamed: '无姓名',
    log: '住房日志',
    noLog: '没有记录。',
    more: (count: number) => `另有 ${count.toLocaleString()} 条更早的记录未显示。`,
    record: '打开记录',
  },
})
