/** The texts of the register that belong to no single view. */
import { inBoth } from '../inBoth'

export const texts = inBoth({
  en: {
    spaces: 'Spaces',
    orgs: 'Organisations',
    trees: 'Trees',
    loading: 'Loading …',
    again: 'Try again',
    choose: 'Choose a record in the tree.',
    none: 'There is no such record, or you may not see it.',
    notLive: 'Changes of others are not shown now; the page tries again.',
    asGraphQL: 'as GraphQL',
    variables: 'Variables',
    openInGraphiQL: 'Open in GraphiQL',
    close: 'Close',
    back: '‹ Tree',
  },
  zh: {
    spaces: '空间',
    orgs: '组织',
    trees: '树',
    loading: '加载中……',
    again: '重试',
    choose: '请在树中选择一条记录。',
    none: '记录不存在，或您无权查看。',
    notLive: '暂时收不到他人的变更，页面将自动重试。',
    asGraphQL: '查看 GraphQL',
    variables: '变量',
    openInGraphiQL: '在 GraphiQL 中打开',
    close: '关闭',
    back: '‹ 返回树',
  },
})
