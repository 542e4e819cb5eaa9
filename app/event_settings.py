"""EventSettings: the settings of events: where they are sent, and which topics callers may name."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

Security = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


def split(value: object) -> object:
    """Split a text at its commas and blanks."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def with_ports(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Return addresses; ValueError when one of them has no port."""
    for address in addresses:
        host, colon, port = address.rpartition(":")
        if not (host and colon and port.isdigit()):
            message = f"{address!r} is not an address such as kafka1.internal:9092"
            raise ValueError(message)
    return addresses


def networks_of(value: object) -> object:
    """Read networks; ValueError when one of them is none."""
    try:
        return tuple(map(ip_network, split(value)))  # type: ignore[call-overload]
    except ValueError as error:
        message = f"write networks such as 10.2.0.0/16: {error}"
        raise ValueError(message) from None


Network = IPv4Network | IPv6Network

Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)]
Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split), AfterValidator(with_ports)]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(networks_of)]


class EventSettings(BaseSettings):
    """The settings of events (docs/events.md, docs/webhooks.md)."""

    max_subscriptions: int = Field(
        default=200,
        ge=1,
        description="Most subscriptions of one caller in a process. A caller without a token is an address.",
    )
    max_operations: int = Field(
        default=100, ge=1, description="Most operations that run on one WebSocket at a time, subscriptions included."
    )
    kafka_bootstrap: Addresses = Field(
        default=(),
        description="Brokers to which `cadastre relay` sends events, such as kafka1.internal:9092, separated by "
        "commas. Without any, events wait.",
    )
    kafka_relay: bool = Field(
        default=False, description="Send events from `cadastre serve` as well, without a `cadastre relay`."
    )
    kafka_prefix: str = Field(
        default="cadastre.",
        pattern=r"^[A-Za-z0-9._-]{0,100}$",
        description="Beginning of the topics of the register; the entity follows, such as `cadastre.space`.",
    )
    kafka_security: Security = Field(
        default="PLAINTEXT", description="Whether connections to brokers use TLS (SSL), a log-in (SASL), or both."
    )
    kafka_ca_file: Path | None = Field(
        default=None,
        description="Certificates that sign those of the brokers, in PEM. Default: those that the system trusts.",
    )
    kafka_certificate_file: Path | None = Field(
        default=None, description="Certificate that the program shows to brokers, in PEM."
    )
    kafka_key_file: Path | None = Field(default=None, description="Key of `kafka_certificate_file`, in PEM.")
    kafka_mechanism: Mechanism = Field(default="SCRAM-SHA-512", description="How the program logs in to brokers.")
    kafka_user: str | None = Field(default=None, description="User that the program logs in to brokers as.")
    kafka_password: SecretStr | None = Field(default=None, description="Password of `kafka_user`.")
    kafka_max_bytes: int = Field(
        default=1_000_000,
        ge=1_024,
        description="Most bytes of an event. A larger one is parked. Brokers take 1,048,588 unless `message.max.bytes` "
        "says otherwise.",
    )
    kafka_plain_entities: Texts = Field(
        default=(),
        description="Entities whose topics have personal data in full, such as customer, separated by commas. In all "
        "others they are masked.",
    )
    event_topics: Texts = Field(
        default=("*",),
        description="Topics that `publishEvent` may name, separated by commas; * stands for any characters. The topics "
        "of the register are never among them.",
    )
    webhook_networks: Networks = Field(
        default=(),
        description="Networks in which webhooks may be although they are not public, such as 10.2.0.0/16, separated by "
        "commas. There they may do without TLS.",
    )
    webhook_days: int = Field(
        default=30, ge=1, description="Days that deliveries to webhooks are listed and may be repeated."
    )
    max_webhooks: int = Field(
        default=16,
        ge=1,
        description="Most webhooks that a process sends to at a time, up to eight events each.",
    )

    def kafka_login(self) -> dict[str, Any]:
        """Return the arguments of a client's log-in."""
        password = None if self.kafka_password is None else self.kafka_password.get_secret_value()
        return {
            "sasl_mechanism": self.kafka_mechanism,
            "sasl_plain_username": self.kafka_user,
            "sasl_plain_password": password,
        }
