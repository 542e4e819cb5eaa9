"""Settings: the environment variables, read once into a frozen object."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from app.event_settings import EventSettings

ORIGIN = re.compile(
    r"(?!http://[^/]+:80$|https://[^/]+:443$)https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?"
)
"""An origin as browsers send it (RFC 6454, 6.2)."""

PUBLIC_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
"""An address that paths can be appended to; as an issuer it has neither query nor fragment (RFC 8414, 2)."""

LogFormat = Literal["text", "json"]

PREFIX = "CADASTRE_"
"""The prefix of the environment variables."""


class Settings(EventSettings):
    """The settings of the program; `<name>` is read from the environment variable `CADASTRE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    database_url: str | None = Field(
        default=None,
        description="PostgreSQL 15 or newer, as a libpq URL. Without it an embedded server runs in the data folder.",
    )
    request_database_url: str | None = Field(
        default=None,
        description="The database of `database_url`, as a libpq URL that logs in as `cadastre_request`: requests run "
        "there and can never become the owner of the tables. The embedded server needs no setting.",
    )
    data_dir: Path = Field(
        default=Path(".cadastre"), description="Folder of the embedded server, its data and the signing keys."
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address to listen on; loopback addresses only unless `require_login` is set.",
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on, 0 for any free one.")
    pool_size: int = Field(
        default=16,
        ge=1,
        description="Most database connections that requests of a process use at a time, at most seven in eight of "
        "them to write.",
    )
    pool_timeout: float = Field(
        default=5,
        gt=0,
        description="Seconds that a request waits for a database connection before it is answered with 503.",
    )
    pool_share: int | None = Field(
        default=None,
        ge=1,
        description="Most database connections of a process that one caller uses at a time; others of its requests "
        "wait. Callers without a token are told apart by address. Default: half of `pool_size`.",
    )
    listen_url: str | None = Field(
        default=None,
        description="The database without a pooler in between, as a libpq URL, for the one connection of each process "
        "that hears when rights change. Default: `database_url`. Nothing is heard through a pooler.",
    )
    prepared_statements: bool = Field(
        default=True,
        description="Prepare the statements of requests. Switch it off behind a pooler that gives out a connection for "
        "each transaction and does not know prepared statements, such as PgBouncer before 1.21.",
    )
    max_tokens: int = Field(default=5_000, ge=1, description="Longest document, in tokens.")
    max_length: int = Field(default=65_536, ge=1, description="Longest document, in characters.")
    max_depth: int = Field(default=25, ge=1, description="Deepest nesting of fields in a document.")
    max_fields: int = Field(default=2_000, ge=1, description="Most fields in a document, with fragments expanded.")
    max_fragments: int = Field(default=200, ge=0, description="Most fragments that a document defines.")
    max_spreads: int = Field(
        default=300, ge=0, description="Most `...` in a document: inline fragments and fragment spreads."
    )
    max_variables: int = Field(
        default=400, ge=0, description="Most `$` in a document: definitions and uses of variables."
    )
    max_aliases: int = Field(default=100, ge=0, description="Most aliases in a document, with fragments expanded.")
    max_directives: int = Field(default=50, ge=0, description="Most directives in a document, with fragments expanded.")
    max_duplicates: int = Field(default=100, ge=0, description="Most repetitions of fields within selection sets.")
    max_roots: int = Field(default=50, ge=1, description="Most fields at the root of a query.")
    max_mutations: int = Field(default=4, ge=1, description="Most fields at the root of a mutation.")
    max_list: int = Field(default=250, ge=1, description="Longest list in an argument or a variable.")
    max_value_depth: int = Field(default=20, ge=1, description="Deepest nesting of an argument or a variable.")
    max_values: int = Field(default=2_000, ge=1, description="Most values in arguments and variables.")
    max_rows: int = Field(default=1_000, ge=1, description="Most records in the list of a bulk mutation.")
    max_written_values: int = Field(
        default=50_000, ge=1, description="Most values in the arguments and variables of a mutation."
    )
    max_searches: int = Field(
        default=100, ge=0, description="Most edges in the filters of a document, such as `children` in one of spaces."
    )
    max_conditions: int = Field(
        default=1_000,
        ge=0,
        description="Most comparisons in the filters of a document. Each value is one, and each item of a list; "
        "`contains`, `startsWith` and an edge count twenty.",
    )
    max_page: int = Field(default=100, ge=1, description="Largest `first` and `last` of a connection.")
    max_offset: int = Field(default=10_000, ge=0, description="Largest `offset` of a connection.")
    max_cost: int = Field(
        default=1_000_000, ge=1, description="Largest estimated number of objects in the answer to a document."
    )
    max_nodes: int = Field(
        default=100_000, ge=1, description="Most rows that a query loads, unless its client has a limit of its own."
    )
    max_answer_values: int = Field(
        default=2_000_000, ge=1, description="Most values of an answer: each field of each record is one."
    )
    max_answer_bytes: int = Field(default=67_108_864, ge=1_024, description="Most bytes of an answer, as JSON.")
    max_export: int = Field(
        default=1_000_000, ge=1, description="Most rows of a file that a query is exported to (`Accept: text/csv`)."
    )
    max_exports: int = Field(
        default=2, ge=1, description="Most exports of a process at a time; each has a database connection to itself."
    )
    export_seconds: float = Field(
        default=600, gt=0, description="Seconds after which an export is cut off, also when its client reads slowly."
    )
    max_head: int = Field(
        default=32_768, ge=1_024, description="Most bytes of the request line and the headers of a request together."
    )
    head_seconds: float = Field(
        default=10, gt=0, description="Seconds from the first byte of a request to the end of its headers."
    )
    body_seconds: float = Field(
        default=30, gt=0, description="Seconds from the end of the headers of a request to the end of its body."
    )
    idle_seconds: float = Field(
        default=75,
        gt=0,
        description="Seconds that a connection may be open without a request. A proxy in front closes unused "
        "connections earlier.",
    )
    write_seconds: float = Field(
        default=60, gt=0, description="Seconds that a client may take no byte of an answer before it is disconnected."
    )
    max_connections: int = Field(
        default=4_096,
        ge=1,
        description="Most connections of a process, and at most as many as its limit of open files leaves. Others are "
        "answered with 503.",
    )
    max_connections_of_address: int | None = Field(
        default=None,
        ge=1,
        description="Most connections of a process from one address. Without a value there is no such limit: behind a "
        "proxy, all come from its address.",
    )
    cache_bytes: int = Field(
        default=268_435_456,
        ge=1_048_576,
        description="Most bytes that a process caches of what clients send, by estimate: half of them plans, a quarter "
        "documents, an eighth statements, an eighth answers about the schema.",
    )
    deadline: float = Field(default=30, gt=0, description="Seconds after which a request is cancelled.")
    compiled: bool = Field(default=True, description="Run queries with compiled plans; otherwise under graphql-core.")
    development: bool = Field(
        default=False,
        description="Report in `extensions.plan` how a query was run, suggest names in errors, and cache documents "
        "that clients register.",
    )
    require_login: bool = Field(
        default=True,
        description="Refuse GraphQL requests without an access token. When switched off, requests without a token see "
        "everything except personal data, and only loopback addresses are served.",
    )
    introspection: bool = Field(default=True, description="Answer introspection queries.")
    trusted_only: bool = Field(default=False, description="Run only stored documents (`cadastre documents`).")
    require_preflight: bool = Field(
        default=False,
        description="Refuse GET requests that any web page can send. They need the header `graphql-require-preflight` "
        "or `x-requested-with`, or the content type of JSON.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins whose pages may call the program from a browser, such as https://app.example.com, "
        "separated by commas; * for all. The origins of registered public clients are added.",
    )
    public_url: str | None = Field(
        default=None,
        description="Address under which clients reach the program, such as https://register.example.com. It is the "
        "issuer of access tokens and must be the same for all programs that serve a register. Default: "
        "http://<host>:<port>.",
    )
    keys_dir: Path | None = Field(
        default=None,
        description="Folder of the keys that sign access tokens. It must be the same for all programs that serve a "
        "register. The first start makes the keys. Default: `keys` in the data folder.",
    )
    legacy_tokens: Literal["ES256", "HS256"] = Field(
        default="ES256", description="Signature algorithm of access tokens for clients with the password grant."
    )
    login_failures: int = Field(
        default=30,
        ge=1,
        description="Failed log-ins to an account from one address and client after which those are locked for at "
        "least a minute.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="Addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, "
        "separated by commas.",
    )
    login_threads: int = Field(
        default=2,
        ge=1,
        description="Most log-ins with a password at a time. Each needs a processor, 19 MiB and a database connection.",
    )

    push_url: str | None = Field(
        default=None,
        description="Address of the push gateway that devices are registered at (docs/operating.md). Without it the "
        "program logs that there is a device, and registers none.",
    )
    push_token: SecretStr | None = Field(
        default=None, description="Bearer token that the push gateway asks for; sent only to `push_url`."
    )

    workers: int = Field(
        default=1, ge=1, le=256, description="Processes that answer requests, each with its own connections and caches."
    )
    drain_seconds: float = Field(
        default=1,
        ge=0,
        le=300,
        description="Seconds between SIGTERM and the closing of the port. Requests are answered, and `/readyz` answers "
        "503, so that load balancers stop sending requests.",
    )
    workorders_public: bool = Field(
        default=False,
        description="Answer the URLs of work orders (document 000) without the access token of a client. The tokens of "
        "owners and staff are needed all the same.",
    )
    metrics_port: int | None = Field(
        default=None, ge=0, le=65535, description="Port of `/metrics`, instead of the port of the API."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token that `/metrics` on the port of the API asks for. Without it only programs of this "
        "machine are answered there, and not through a proxy.",
    )
    access_log: bool = Field(
        default=True,
        description="Log every request: its id, method, route, status, bytes and milliseconds. "
        "Answers with status 500 and higher are always logged.",
    )
    log_format: LogFormat = Field(
        default="text", description="Format of the records on stderr: `text` (logfmt) or `json`, one a line."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _require_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if origin != "*" and not ORIGIN.fullmatch(origin):
                message = (
                    f"{origin!r} is not an origin; write https://app.example.com, in lower case, with the port if it "
                    "is not the scheme's own, and without a path"
                )
                raise ValueError(message)
        return origins

    @field_validator("public_url", "push_url")
    @classmethod
    def _require_public_url(cls, url: str | None) -> str | None:
        if url is not None and not PUBLIC_URL.fullmatch(url):
            message = "write an address such as https://register.example.com, without a query"
            raise ValueError(message)
        return url

    @field_validator("host")
    @classmethod
    def _without_brackets(cls, host: str) -> str:
        """Read an IPv6 address as in a URL, such as [::1]."""
        return host.removeprefix("[").removesuffix("]")

    @property
    def issuer(self) -> str:
        """The issuer of access tokens (RFC 8414)."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def keys_folder(self) -> Path:
        """The folder of the signing keys."""
        return self.keys_dir or self.data_dir.expanduser() / "keys"
