import { useEffect, useState } from 'react'
import { askOrgs, type Org } from './caller'
import { workingOrg } from './program'
import { useStore } from './store'
import { texts } from './texts'

/** The organisation that requests are narrowed to (the header `cadastre-org`). */
export function OrgMenu({ onTrouble }: { onTrouble: (error: unknown) => void }) {
  const org = useStore(workingOrg)
  const [orgs, setOrgs] = useState<Org[]>([])

  useEffect(() => { askOrgs().then(setOrgs).catch(onTrouble) }, [onTrouble])

  return (
    <label className="org">
      {texts.workIn}
      <select value={org} onChange={(event) => { workingOrg.set(event.target.value) }}>
        <option value="">{texts.everywhere}</option>
        {orgs.map(({ id, fullName }) => <option key={id} value={id}>{fullName}</option>)}
      </select>
    </label>
  )
}
