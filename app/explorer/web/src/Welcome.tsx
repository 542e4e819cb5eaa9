import { logIn } from './login'
import { texts } from './texts'

interface Props {
  isRegister: boolean
  onTrouble: (error: unknown) => void
}

/** What the page is for, and the way in. */
export function Welcome({ isRegister, onTrouble }: Props) {
  return (
    <main className="welcome">
      <p>{isRegister ? texts.registerWelcome : texts.welcome}</p>
      <button type="button" className="primary" onClick={() => { logIn().catch(onTrouble) }}>{texts.logIn}</button>
      <p className="quiet">{texts.welcomeNote}</p>
    </main>
  )
}
