import { REGISTER, WORKBENCH } from './addresses'
import type { Caller } from './caller'
import { CallerMenu } from './CallerMenu'
import { logIn } from './login'
import { OrgMenu } from './OrgMenu'
import { PageLink } from './PageLink'
import { workingOrg } from './program'
import { logOut } from './session'
import { texts } from './texts'

interface Props {
  caller: Caller | null
  isRegister: boolean
  isLoggedIn: boolean
  onTrouble: (error: unknown) => void
}

/** The name of the page, the way to the other page, the organisation that the caller works in, and who they are. */
export function TopBar({ caller, isRegister, isLoggedIn, onTrouble }: Props) {
  function leave() {
    workingOrg.set('')
    logOut().catch(onTrouble)
  }

  return (
    <header className="bar">
      <h1>{isRegister ? texts.registerTitle : texts.title}</h1>
      <nav aria-label={texts.pages}>
        <PageLink to={WORKBENCH} isCurrent={!isRegister}>{texts.workbench}</PageLink>
        <PageLink to={REGISTER} isCurrent={isRegister}>{texts.register}</PageLink>
      </nav>
      {caller !== null && <OrgMenu onTrouble={onTrouble} />}
      {caller !== null && <CallerMenu caller={caller} />}
      {isLoggedIn && <button type="button" onClick={leave}>{texts.logOut}</button>}
      {!isLoggedIn && caller !== null && (
        <button type="button" onClick={() => { logIn().catch(onTrouble) }}>{texts.logIn}</button>
      )}
    </header>
  )
}
