"""Settings: the environment, read once into one frozen object."""

from pathlib import Path

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
    pool_size: int = Field(default=8, ge=1, description="Most database connections that one process holds.")
    max_depth: int = Field(default=25, ge=1, description="Deepest nesting of fields that a document may have.")
