/** The texts of all changes. */
import { inBoth } from '../../inBoth'

export const texts = inBoth({
  en: {
    effects: 'This will change',
    noEffects: 'Nothing changes yet.',
    none: 'none',
    reason: 'Why (optional; kept with the change)',
    cancel: 'Cancel',
    sending: 'Sending …',
    noAnswer: 'The program has not answered. Send it again: it is written once.',
    conflict: 'Others have changed this record since you read it. Nothing was written.',
    conflictAgain: 'Others have changed this record once more. Again nothing was written.',
    versions: 'Both versions',
    read: 'When you read it',
    theirs: 'Now',
    yours: 'Yours',
    takeTheirs: 'Take theirs',
    overwrite: 'Write mine over it',
  },
  zh: {
    effects: '将作以下变更',
    noEffects: '尚无变更。',
    none: '无',
    reason: '变更原因（可不填，随变更记录保存）',
    cancel: '取消',
    sending: '提交中……',
    noAnswer: '服务没有响应。请重新提交，重复提交只写入一次。',
    conflict: '您读取后，他人已修改该记录，本次未写入。',
    conflictAgain: '他人又修改了该记录，本次仍未写入。',
    versions: '两个版本',
    read: '读取时',
    theirs: '当前',
    yours: '您的修改',
    takeTheirs: '保留他人的版本',
    overwrite: '用我的覆盖',
  },
})
