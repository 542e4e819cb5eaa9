import { useState } from 'react'
import { texts } from './texts'
import { DeletedList } from './DeletedList'
import type { Tree } from '../place'

interface Props {
  tree: Tree
  id: string
}

/** What was deleted below a record, asked for when it is opened. */
export function DeletedBelow({ tree, id }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="deleted-below" onToggle={(event) => { setOpen(event.currentTarget.open) }}>
      <summary>{texts.deletedBelow}</summary>
      {isOpen && <DeletedList tree={tree} id={id} />}
    </details>
  )
}
