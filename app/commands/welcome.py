"""What `cadastre serve` prints when it is ready: addresses, accounts, and a first query to paste."""

import json

from app.bulk.demo import PASSWORD
from app.serving import Ready

TREE_QUERY = '{ org(id: "6419") { name children { name children { name } } } }'
ANY_QUERY = "{ orgs(first: 3) { nodes { id name } } }"
CONTENT_TYPE = "-H 'content-type: application/json'"


def welcome(ready: Ready) -> str:
    """Return the text; without demo accounts the query is one that any register answers."""
    address, accounts = ready.address, ", ".join(ready.demo_accounts)
    body = json.dumps({"query": TREE_QUERY if accounts else ANY_QUERY})
    rows = {
        "GraphQL": f"{address}/graphql",
        "Health": f"{address}/healthz  {address}/readyz",
        "Database": ready.register.name,
        "Accounts": f"{accounts}; password {PASSWORD}" if accounts else "none of the demo world",
    }
    lines = [
        f"Cadastre serves {address} (Ctrl-C ends it)",
        *(f"  {name:<9} {value}" for name, value in rows.items()),
        "",
        "An access token, for two hours:",
        f"  {_token_line(address)}",
        "",
        "A first query:",
        f"  curl -s {address}/graphql -H \"authorization: Bearer $TOKEN\" {CONTENT_TYPE} -d '{body}'",
    ]
    return "\n".join([*lines, ""])


def _token_line(address: str) -> str:
    """Return the shell command that sets TOKEN to an access token of the super administrator."""
    form = f"-d grant_type=password -d client_id=h5-client -d username=supperadm -d password={PASSWORD}"
    return f'TOKEN=$(curl -s {address}/oauth/token {form} | sed \'s/.*"access_token": *"\\([^"]*\\)".*/\\1/\')'
