import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import 'graphiql/graphiql.css'
import 'graphiql/setup-workers/vite'
import { explorerPlugin } from '@graphiql/plugin-explorer'
import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import { GraphiQL } from 'graphiql'
import { AnswerPanel } from './AnswerPanel'
import { EXAMPLES_PLUGIN } from './Examples'
import { fetcher, schemaNotice } from './fetcher'
import { LEGACY_PLUGIN } from './LegacyUrls'
import { ShareButton } from './ShareButton'
import { SharedLink } from './SharedLink'
import { useStore } from './store'
import { texts } from './texts'

const BUILDER_PLUGIN = { ...explorerPlugin({ showAttribution: false, title: texts.builder }), title: texts.builder }
const PLUGINS = [HISTORY_PLUGIN, BUILDER_PLUGIN, EXAMPLES_PLUGIN, LEGACY_PLUGIN]

/** GraphiQL with the panels of this page. Headers are not kept: somebody may write a token into them. */
export default function Workbench() {
  const notice = useStore(schemaNotice)
  return (
    <main className="workbench">
      {notice !== '' && <p className="notice" role="status">{notice}</p>}
      <GraphiQL
        fetcher={fetcher}
        plugins={PLUGINS}
        visiblePlugin={EXAMPLES_PLUGIN}
        defaultQuery=""
        inputValueDeprecation
        shouldPersistHeaders={false}
      >
        <GraphiQL.Logo><ShareButton /></GraphiQL.Logo>
        <GraphiQL.Footer><AnswerPanel /></GraphiQL.Footer>
        <SharedLink />
      </GraphiQL>
    </main>
  )
}
