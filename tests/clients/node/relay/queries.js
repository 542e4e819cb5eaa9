// What relay-compiler compiles; relay.mjs runs the artifacts.
import { graphql } from 'relay-runtime'

graphql`
  query queriesMeQuery($id: ID!) {
    me { clientId admin { id name org { id name } } }
    admin(id: $id) { id name account }
    node(id: $id) { __typename id ... on Admin { name } }
  }
`

graphql`
  query queriesOrgsQuery { ...queries_orgs }
`

graphql`
  fragment queries_orgs on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" })
  @refetchable(queryName: "queriesPageQuery") {
    orgs(first: $count, after: $cursor) @connection(key: "queries_orgs") { edges { node { id name version } } }
  }
`

graphql`
  mutation queriesRenameMutation($input: UpdateOrgInput!) {
    updateOrg(input: $input) { org { id name version } errors { code path } }
  }
`
