/** Times in the language of the page and the zone of the browser. */
import { language } from '../../inBoth'

const FORMAT = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short' })

export function moment(time: string): string {
  return FORMAT.format(new Date(time))
}
