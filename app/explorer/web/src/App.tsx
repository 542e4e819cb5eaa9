import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { askCaller, type Caller } from './caller'
import { doubtRights, rightsDoubts, workingOrg } from './program'
import { route } from './route'
import { isOver, loggedIn } from './session'
import { useStore } from './store'
import { texts } from './texts'
import { TopBar } from './TopBar'
import { Welcome } from './Welcome'

const Workbench = lazy(() => import('./Workbench'))
const loadRegister = () => import('./register/Register')
const Register = lazy(loadRegister)

/** Who the caller is. What belongs to a log-in is shown no longer than that, whether the program answers then or not. */
interface Answer {
  caller: Caller | null
  isLoggedIn: boolean
}

/** The page: who is logged in above, and below the welcome, the workbench or the register. */
export function App({ failure }: { failure: string }) {
  const isLoggedIn = useStore(loggedIn)
  const org = useStore(workingOrg)
  const doubts = useStore(rightsDoubts)
  const answeredDoubts = useRef(0)
  const { isRegister } = useStore(route)
  const [answer, setAnswer] = useState<Answer>()
  const [trouble, setTrouble] = useState(failure)
  const said = useStore(isOver) ? texts.logInOver : trouble
  const caller = answer?.isLoggedIn === true && !isLoggedIn ? null : answer?.caller

  const show = useCallback((error: unknown) => { setTrouble(error instanceof TypeError ? texts.failed : (error as Error).message || texts.failed) }, [])

  useEffect(() => { document.title = isRegister ? texts.registerTitle : texts.title }, [isRegister])
  useEffect(() => { if (isRegister) void loadRegister() }, [isRegister]) // beside what is asked for
  useEffect(() => {
    const isDoubted = doubts !== answeredDoubts.current // what is known stays where there is no answer
    answeredDoubts.current = doubts
    let isLate = false // whether another log-in or organisation has been asked for meanwhile
    askCaller().then((asked) => { if (!isLate) setAnswer({ caller: asked, isLoggedIn }) }, (error: unknown) => { if (!isLate && !isDoubted) show(error) })
    return () => { isLate = true }
  }, [isLoggedIn, org, doubts, show])
  useEffect(() => {
    const onVisible = () => { if (document.visibilityState === 'visible') doubtRights() }
    document.addEventListener('visibilitychange', onVisible)
    return () => { document.removeEventListener('visibilitychange', onVisible) }
  }, [])

  return (
    <>
      <TopBar caller={caller ?? null} isRegister={isRegister} isLoggedIn={isLoggedIn} onTrouble={show} />
      {said !== '' && <p className="trouble" role="alert">{said}</p>}
      {caller === null && <Welcome isRegister={isRegister} onTrouble={show} />}
      {caller === undefined && said === '' && <p className="loading">{texts.loading}</p>}
      {caller !== null && caller !== undefined && (
        <Suspense fallback={<p className="loading">{texts.loading}</p>}>
          {isRegister ? <Register caller={caller} /> : <Workbench />}
        </Suspense>
      )}
    </>
  )
}
