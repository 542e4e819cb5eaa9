"""Customer answers: the answer to a change of a customer (document 003, 10.4 and 10.5)."""

from app.rest.answers import existing
from app.rest.url import Data, Members, Variables


def with_orgs(data: Data, variables: Variables) -> Members:
    """Answer the customer with the related organisations, and behind them those that the request does not select."""
    record = existing(data, "upsertCustomers.customers.0", variables)
    unrelated = existing(data, "upsertCustomers.others.0.unrelated.nodes", variables)
    record["relationOrgList"] = [*record["relationOrgList"], *unrelated]
    return {"result": record}


def first_or_none(data: Data, _: Variables) -> Members:
    """Answer the first customer that was found, or null (10.3)."""
    return {"result": next(iter(data["customers"]["nodes"]), None)}
