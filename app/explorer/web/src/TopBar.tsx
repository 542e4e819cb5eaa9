import type { Caller } from './caller'
import { CallerMenu } from './CallerMenu'
import { logIn } from './login'
import { OrgMenu } from './OrgMenu'
import { workingOrg } from './program'
import { logOut } from './session'
import { texts } from './texts'

interface Props {
  caller: Caller | null
  isLoggedIn: boolean
  onTrouble: (error: unknown) => void
}

/** The name of the page, the organisation that the caller works in, and who they are. */
export function TopBar({ caller, isLoggedIn, onTrouble }: Props) {
  function leave() {
    workingOrg.set('')
    logOut().catch(onTrouble)
  }

  return (
    <header className="bar">
      <h1>{texts.title}</h1>
      {caller !== null && <OrgMenu onTrouble={onTrouble} />}
      {caller !== null && <CallerMenu caller={caller} />}
      {isLoggedIn && <button type="button" onClick={leave}>{texts.logOut}</button>}
      {!isLoggedIn && caller !== null && (
        <button type="button" onClick={() => { logIn().catch(onTrouble) }}>{texts.logIn}</button>
      )}
    </header>
  )
}
