import './style.css'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { finishLogIn } from './login'
import { language, texts } from './texts'

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
document.title = texts.title

const failure = await finishLogIn().then(() => '', (error: unknown) => (error as Error).message)
const root = document.getElementById('explorer')
if (root !== null) createRoot(root).render(<App failure={failure} />)
