import { logIn } from './login'
import { texts } from './texts'

/** What the page is for, and the way in. */
export function Welcome({ onTrouble }: { onTrouble: (error: unknown) => void }) {
  return (
    <main className="welcome">
      <p>{texts.welcome}</p>
      <button type="button" className="primary" onClick={() => { logIn().catch(onTrouble) }}>{texts.logIn}</button>
      <p className="quiet">{texts.welcomeNote}</p>
    </main>
  )
}
