/** The texts of the page, in the language of the browser: Chinese where it comes before English. */

const english = {
  title: 'Cadastre Explorer',
  welcome: 'Query the register in GraphQL: organisations, spaces, customers, and who owns or rents what.',
  welcomeNote: 'You see what your account may see. The log-in ends when this page is closed or loaded again.',
  logIn: 'Log in',
  logOut: 'Log out',
  logInFailed: 'The log-in failed. Try again.',
  logInOver: 'The log-in is over. Log in again.',
  needsHttps: 'Browsers allow the log-in only over https, or at an address of this machine such as http://127.0.0.1.',
  otherAddress: (address: string) => `The program says that its address is ${address}. The operator sets it: CADASTRE_PUBLIC_URL.`,
  loading: 'Loading …',
  failed: 'The program does not answer.',
  account: 'Account',
  mayDo: 'May do',
  nothing: 'nothing',
  nobody: 'not logged in',
  workIn: 'Work in',
  everywhere: 'all my organisations',
  share: 'Copy link',
  shared: 'Copied',
  shareHint: 'A link to this query, its variables and its operation',
  builder: 'Query builder',
  examples: 'Examples',
  legacy: 'Legacy URLs',
  legacyHint: 'Paste a URL of the old interface. The operation that answers it opens in the editor.',
  legacyUrl: 'URL or path',
  legacyFind: 'Find',
  legacyNone: 'No operation answers this URL.',
  legacyOpen: 'Open',
  answer: 'Answer',
  cost: 'cost',
  rows: 'rows',
  of: 'of',
  table: 'Table',
  json: 'JSON',
  list: 'List',
  csvTable: 'CSV',
  csvAll: 'CSV, all rows',
  csvAllHint: 'The program writes the file: all rows of the query, or its page where it has `first`',
  firstRows: (shown: number, all: number) => `The first ${shown.toLocaleString()} of ${all.toLocaleString()} rows; the file has all.`,
  introspectionOff:
    'The schema is not shown: the operator has switched introspection off. Queries run, without completion, documentation '
    + 'and the query builder. The operator switches it on for everybody who is logged in: CADASTRE_INTROSPECTION=true.',
  trustedOnly:
    'This program runs only stored documents, so no other query runs here. The operator allows all queries of people who '
    + 'are logged in with CADASTRE_TRUSTED_ONLY=false.',
}

type Texts = typeof english

const chinese: Texts = {
  title: 'Cadastre 数据查询',
  welcome: '用 GraphQL 查询主数据：组织、空间、客户，以及房产的归属与租赁关系。',
  welcomeNote: '您只能看到账号权限内的数据。关闭或刷新本页即退出登录。',
  logIn: '登录',
  logOut: '退出登录',
  logInFailed: '登录失败，请重试。',
  logInOver: '登录已失效，请重新登录。',
  needsHttps: '浏览器只允许通过 https 或本机地址（如 http://127.0.0.1）登录。',
  otherAddress: (address) => `服务声明的地址为 ${address}，由运维人员通过 CADASTRE_PUBLIC_URL 设置。`,
  loading: '加载中……',
  failed: '服务没有响应。',
  account: '账号',
  mayDo: '权限',
  nothing: '无',
  nobody: '未登录',
  workIn: '工作组织',
  everywhere: '我的全部组织',
  share: '复制链接',
  shared: '已复制',
  shareHint: '包含当前查询、变量和操作名的链接',
  builder: '查询构造器',
  examples: '示例',
  legacy: '旧接口',
  legacyHint: '粘贴旧接口的 URL，在编辑器中打开对应的 GraphQL 操作。',
  legacyUrl: 'URL 或路径',
  legacyFind: '查找',
  legacyNone: '没有与此 URL 对应的操作。',
  legacyOpen: '打开',
  answer: '结果',
  cost: '成本',
  rows: '行',
  of: '/',
  table: '表格',
  json: 'JSON',
  list: '列表',
  csvTable: 'CSV',
  csvAll: 'CSV（全部行）',
  csvAllHint: '由服务生成文件：查询的全部行；查询带有 first 时为该页',
  firstRows: (shown, all) => `显示前 ${shown.toLocaleString()} 行，共 ${all.toLocaleString()} 行；文件包含全部。`,
  introspectionOff:
    '运维人员已关闭 schema 自省，因此没有补全、文档和查询构造器，但仍可执行查询。'
    + '如需对所有已登录用户开放，请由运维人员设置 CADASTRE_INTROSPECTION=true。',
  trustedOnly: '本服务只执行已登记的查询，其他查询在此无法执行。如需对已登录用户开放，请由运维人员设置 CADASTRE_TRUSTED_ONLY=false。',
}

export const language: 'zh' | 'en' =
  navigator.languages.find((each) => /^(zh|en)\b/.test(each))?.startsWith('zh') === true ? 'zh' : 'en'

export const texts = language === 'zh' ? chinese : english
