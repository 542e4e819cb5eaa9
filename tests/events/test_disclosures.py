"""Subscriptions that show customers' personal data leave a record, as queries do."""

from tests.clients.api import Api
from tests.clients.subscriber import subscriber
from tests.events.test_subscriptions import following

PERSONAL = "subscription ($after: String) { customerChanged(after: $after) { customer { id phone } } }"


def test_personal_data_of_an_event_are_recorded(own_api: Api) -> None:
    ((id_,),) = own_api.sql("select id from customer where phone is not null order by id limit 1")
    (before,) = own_api.sql("select count(*) from personal_read")[0]
    with subscriber(own_api) as client:
        following(client, own_api, "supperadm", PERSONAL)
        own_api.sql("update customer set name = '改', version = version + 1 where id = %s", id_)
        event = client.data()["customerChanged"]
    assert "*" not in event["customer"]["phone"]
    assert own_api.sql("select count(*) from personal_read")[0][0] == before + 1
