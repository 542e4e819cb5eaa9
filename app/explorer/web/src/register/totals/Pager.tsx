import type { PageOfTotals } from './pages'
import { texts } from './texts'

interface Props {
  page: PageOfTotals
  count: number
  onPage: (page: PageOfTotals) => void
}

/** The way to the other pages, where there are any. */
export function Pager({ page: { first, offset }, count, onPage }: Props) {
  if (count <= first && offset === 0) return null
  return (
    <nav className="pager" aria-label={texts.pages}>
      <button type="button" disabled={offset === 0} onClick={() => { onPage({ first, offset: Math.max(offset - first, 0) }) }}>
        {texts.previous}
      </button>
      <span role="status">{texts.range(offset + 1, Math.min(offset + first, count), count)}</span>
      <button type="button" disabled={offset + first >= count} onClick={() => { onPage({ first, offset: offset + first }) }}>
        {texts.next}
      </button>
    </nav>
  )
}
