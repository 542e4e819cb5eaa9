import './style.css'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { language } from './inBoth'
import { finishLogIn } from './login'

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'

const failure = await finishLogIn().then(() => '', (error: unknown) => (error as Error).message)
const root = document.getElementById('explorer')
if (root !== null) createRoot(root).render(<App failure={failure} />)
