"""Settings: the environment, read once into one frozen object."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may choose; every name is read from `CADASTRE_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="CADASTRE_", frozen=True, extra="ignore")

    database_url: str | None = Field(
        default=None,
        description="PostgreSQL 15 or newer, as a libpq URL. Without it an embedded server runs in the data folder.",
    )
    data_dir: Path = Field(default=Path(".cadastre"), description="Folder of the embedded server and of what it keeps.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    pool_size: int = Field(default=16, ge=1, description="Most database connections that one process holds.")
    pool_timeout: float = Field(
        default=5, gt=0, description="Seconds that a request waits for a database connection before it is a 503."
    )
    max_tokens: int = Field(default=5_000, ge=1, description="Longest document, in tokens.")
    max_length: int = Field(default=65_536, ge=1, description="Longest document, in characters.")
    max_depth: int = Field(default=25, ge=1, description="Deepest nesting of fields that a document may have.")
    max_fields: int = Field(default=2_000, ge=1, description="Most fields of a document, fragments expanded.")
    max_fragments: int = Field(default=200, ge=0, description="Most fragments that a document may define.")
    max_spreads: int = Field(default=300, ge=0, description="Most `...` in a document: inline fragments and spreads.")
    max_variables: int = Field(default=400, ge=0, description="Most `$` in a document: variables, and uses of them.")
    max_aliases: int = Field(default=100, ge=0, description="Most aliases of a document, fragments expanded.")
    max_directives: int = Field(default=50, ge=0, description="Most directives of a document, fragments expanded.")
    max_duplicates: int = Field(default=100, ge=0, description="How often fields may be repeated in a selection set.")
    max_roots: int = Field(default=50, ge=1, description="Most fields at the root of a query.")
    max_mutations: int = Field(default=4, ge=1, description="Most fields at the root of a mutation.")
    max_list: int = Field(default=250, ge=1, description="Longest list in an argument or a variable.")
    max_value_depth: int = Field(default=20, ge=1, description="Deepest nesting of an argument or a variable.")
    max_values: int = Field(default=2_000, ge=1, description="Most values that arguments and variables may hold.")
    max_page: int = Field(default=100, ge=1, description="Largest `first` and `last`.")
    max_cost: int = Field(
        default=1_000_000, ge=1, description="Most objects that a document may be estimated to answer."
    )
    max_nodes: int = Field(
        default=100_000, ge=1, description="Most rows that a query may load, unless its client has a number of its own."
    )
    deadline: float = Field(default=30, gt=0, description="Seconds after which a request is given up.")
    compiled: bool = Field(default=True, description="Run queries by compiled plans; otherwise under graphql-core.")
    development: bool = Field(
        default=False,
        description="Tell in `extensions.plan` how a query was run, and in errors which name was probably meant; keep "
        "documents that clients register.",
    )
    require_login: bool = Field(
        default=True,
        description="Refuse GraphQL requests without an access token. Switched off, they see everything but personal "
        "data, and the program listens on loopback addresses only; a token that is sent counts either way.",
    )
    introspection: bool = Field(default=True, description="Answer questions about the schema itself.")
    trusted_only: bool = Field(
        default=False, description="Run stored documents only: see `cadastre documents`. Others are refused."
    )
    require_preflight: bool = Field(
        default=False,
        description="Refuse GET requests that any web page can send: they need the header `graphql-require-preflight`, "
        "`x-requested-with` or a content type of JSON.",
    )
    public_url: str | None = Field(
        default=None,
        description="Address that clients reach the program at, such as https://register.example.com: the issuer of "
        "its tokens. Programs that serve the same register must have the same. Default: http://<host>:<port>.",
    )
    keys_dir: Path | None = Field(
        default=None,
        description="Folder of the keys that sign access tokens, the same for all programs that serve the register. "
        "Default: keys in the data folder. The keys are made on the first start.",
    )
    legacy_tokens: Literal["ES256", "HS256"] = Field(
        default="ES256", description="How access tokens of clients with the password grant are signed."
    )
    login_failures: int = Field(
        default=30, ge=1, description="Failed log-ins in a row after which an account is locked for a minute or more."
    )
    login_threads: int = Field(
        default=4, ge=1, description="Log-ins at a time: each takes a thread, 19 MiB and a database connection."
    )

    @property
    def issuer(self) -> str:
        """Name the issuer of access tokens (RFC 8414)."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def keys_folder(self) -> Path:
        """Name the folder of the signing keys."""
        return self.keys_dir or self.data_dir.expanduser() / "keys"
