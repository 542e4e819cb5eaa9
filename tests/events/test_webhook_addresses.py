"""Which addresses events may be sent to."""

import asyncio
from ipaddress import ip_address, ip_network

import pytest

from app.errors import InvalidInputError
from app.events.webhooks.addresses import checked, is_public, require_allowed, resolve
from app.events.webhooks.failures import SendingError

PUBLIC = ("93.184.216.34", "1.1.1.1", "223.5.5.5", "2606:4700:4700::1111", "2400:3200::1")
REFUSED = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0",  # noqa: S104 - nothing listens
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "233.252.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1", "3fff::1",
    "::ffff:10.0.0.1", "::ffff:1.1.1.1", "::10.0.0.1", "::1.1.1.1", "64:ff9b::a00:1", "64:ff9b::101:101",
    "64:ff9b:1::a00:1", "2002:a00:1::1", "2002:101:101::1", "2001::1", "100::1", "5f00::1", "fe80::1%1",
)  # fmt: skip
ALLOWED = (ip_network("10.2.0.0/16"), ip_network("fd00:1::/32"))


def addresses(*found: str, is_secure: bool = True) -> list[str]:
    """Check a receiver whose name leads to some addresses."""

    async def leading(_: str, __: int) -> list[str]:
        return list(found)

    return asyncio.run(checked("hooks.example", 443, ALLOWED, is_secure=is_secure, resolve=leading))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_need_tls(address: str) -> None:
    assert is_public(ip_address(address))
    assert addresses(address) == [address]
    with pytest.raises(SendingError):
        addresses(address, is_secure=False)


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_of_private_and_special_networks_are_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(SendingError, match="in a network that is not allowed"):
        addresses(address)


@pytest.mark.parametrize("address", ["10.2.3.4", "fd00:1::7"])
def test_a_setting_allows_networks_also_without_tls(address: str) -> None:
    assert addresses(address) == addresses(address, is_secure=False) == [address]


@pytest.mark.parametrize("address", ["10.3.0.1", "::ffff:10.2.3.4", "fd00:2::1"])
def test_and_no_others(address: str) -> None:
    with pytest.raises(SendingError):
        addresses(address)


def test_one_address_that_is_not_allowed_is_enough() -> None:
    with pytest.raises(SendingError):
        addresses("1.1.1.1", "10.0.0.1")


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "::1"])
def test_other_spellings_of_this_machine_are_refused(host: str) -> None:
    assert asyncio.run(resolve(host, 443))
    with pytest.raises(SendingError, match="in a network that is not allowed"):
        asyncio.run(checked(host, 443, ALLOWED, is_secure=True))


@pytest.mark.parametrize("host", ["", "a" * 64 + ".example", "no-such-name.invalid", "\x00"])
def test_a_name_that_leads_nowhere_is_no_receiver(host: str) -> None:
    with pytest.raises(SendingError):
        asyncio.run(checked(host, 443, ALLOWED, is_secure=True))


def test_what_no_event_would_be_sent_to_cannot_be_added() -> None:
    for url in ("https://10.0.0.1/", "https://[::1]/", "http://1.1.1.1/"):
        with pytest.raises(InvalidInputError, match="CADASTRE_WEBHOOK_NETWORKS"):
            asyncio.run(require_allowed(url, ALLOWED))
    with pytest.raises(InvalidInputError, match="sent by https"):
        asyncio.run(require_allowed("http://1.1.1.1/", ()))
    for url in ("https://1.1.1.1/", "http://10.2.0.1/", "https://no-such-name.invalid/"):
        asyncio.run(require_allowed(url, ALLOWED))
