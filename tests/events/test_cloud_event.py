"""A change as a CloudEvent: its members, its headers, and personal data, masked unless a setting says otherwise."""

from datetime import UTC, datetime
from typing import Any

import orjson

from app.declarations.event_columns import event_columns
from app.events.cloud_event import ChangeRow, CloudEvents, PublishedRow, of_published
from app.events.columns import shapes_of
from app.graphql.schema import NOUNS

NOW = datetime(2026, 11, 29, 8, 15, 0, 123456, UTC)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
PHONE, IDENTITY = "13812345678", "110101199003074578"
CUSTOMER = {"id": 7, "name": "路人甲", "phone": PHONE, "identity": IDENTITY, "identity_type": "ID_CARD", "secret": 1}


def row(**changed: Any) -> ChangeRow:
    whole = ChangeRow(
        9, NOW, "UPDATE", "customer", 7, "8829/8830/", "abc", TRACE, CUSTOMER, {**CUSTOMER, "name": "乙"}, ["name"]
    )
    return whole._replace(**changed)


def events(*plain: str) -> CloudEvents:
    assert NOUNS
    return CloudEvents("cadastre.", shapes_of(event_columns(), plain))


def event_of(row_: ChangeRow, *plain: str) -> Any:
    return orjson.loads(events(*plain).of_change(row_).value)


def test_the_members_of_an_update() -> None:
    message = events().of_change(row())
    event = orjson.loads(message.value)
    data = event.pop("data")
    assert event == {
        "specversion": "1.0",
        "id": "9",
        "source": "cadastre",
        "type": "cadastre.customer.updated",
        "subject": "7",
        "time": "2026-11-29T08:15:00.123456Z",
        "datacontenttype": "application/json",
    }
    assert (data["before"]["name"], data["after"]["name"], data["changedFields"]) == ("路人甲", "乙", ["name"])
    assert (message.topic, message.record_key) == ("cadastre.customer", b"7")
    assert dict(message.headers) == {
        "content-type": b"application/cloudevents+json; charset=UTF-8",
        "tenant": b"8829/8830/",
        "request-id": b"abc",
        "traceparent": TRACE.encode(),
    }


def test_personal_data_are_masked_and_other_columns_left_out() -> None:
    data = event_of(row())["data"]
    for image in (data["before"], data["after"]):
        assert (image["phone"], image["identity"]) == ("138****5678", "110****4578")
        assert image["identityType"] == "ID_CARD"
        assert "secret" not in image
    assert event_of(row(after={**CUSTOMER, "phone": None}))["data"]["after"]["phone"] is None


def test_a_setting_sends_the_personal_data_of_an_entity_in_full() -> None:
    assert event_of(row(), "customer")["data"]["after"]["phone"] == PHONE
    assert event_of(row(), "admin")["data"]["after"]["phone"] == "138****5678"


def test_every_masked_field_of_the_api_is_masked_in_events() -> None:
    masked = {
        (table, name) for table, columns in event_columns().items() for name, each in columns.items() if each.mask
    }
    assert masked == {
        ("admin", "phone"),
        ("admin", "email"),
        ("admin", "identity"),
        ("customer", "phone"),
        ("customer", "identity"),
        ("verification", "identity"),
        ("verification", "app_user_phone"),
        ("verification", "main_customer_phone"),
        ("work_order", "contact_phone"),
    }


def test_the_kinds_of_changes() -> None:
    created = event_of(row(operation="INSERT", before=None, changed_fields=None))
    deleted = event_of(row(operation="DELETE", after=None, changed_fields=None, org_path=None))
    placed = event_of(row(entity="space", operation="PLACE", before={"full_name": "a"}, after={"full_name": "b"}))
    assert (created["type"], created["data"]["before"], created["data"]["changedFields"]) == (
        "cadastre.customer.created", None, [],
    )  # fmt: skip
    assert (deleted["type"], deleted["data"]["after"]) == ("cadastre.customer.deleted", None)
    assert placed["type"] == "cadastre.space.placed"
    assert (placed["data"]["before"], placed["data"]["after"]) == ({"fullName": "a"}, {"fullName": "b"})


def test_a_published_event_is_its_payload() -> None:
    message = of_published(PublishedRow(5, "a.b", '{ "x": 1.0 }', None, NOW, None, None))
    assert (message.value, message.record_key) == (b'{ "x": 1.0 }', None)
    assert dict(message.headers)["ce_time"] == b"2026-11-29T08:15:00.123456Z"
    assert "timestamp" not in dict(message.headers)
