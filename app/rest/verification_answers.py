"""Verification answers: records of claims, and what has to be confirmed (document 003, section 12 and 13.5)."""

from app.models.property import Tenure
from app.rest.answers import Answer, Row, existing, value_at
from app.rest.dialect import LEGACY
from app.rest.url import Data, Members, Variables
from app.services.verification_conflicts import TENURES

MOVES_OUT, CHANGES_TENURE = "1999", "2000"
"""The documented values of `operateCode`."""

CONFIRMATIONS = {"VERIFIED_BY_OTHER": MOVES_OUT, "TENURE_DIFFERS": CHANGES_TENURE}
"""The errors that ask for a confirmation (12.3 and 12.4)."""

PARTS = ("building", "unit")


def detail(data: Data, variables: Variables) -> Members:
    """Answer a claim with its organisation as a list, and the names of building, unit and house in one (12.2)."""
    claim: Row = existing(data, "verification", variables)
    parts = [claim[name]["space_name"] for name in PARTS if claim[name] is not None]
    claim["assembleName"] = "".join(filter(None, [*parts, claim["space_name"]]))
    claim["relationOrgList"] = listed_org(data["around"])
    return {"result": claim}


def added(data: Data, variables: Variables) -> Members:
    """Answer a new claim with the top organisation as a list (12.3)."""
    claim: Row = existing(data, "addVerification.verification", variables)
    claim["orgList"] = listed_org(data["addVerification"]["around"])
    return {"result": claim}


def listed_org(around: Row) -> list[Row]:
    """Return a list of the one organisation beside a claim; an empty one when it is not visible."""
    return [] if around["org"] is None else [around["org"]]


def compared(path: str) -> Answer:
    """Answer what is compared, the variable `asked`, and the tenure of a valid relation if it is another one (13.5)."""

    def answer(data: Data, variables: Variables) -> Members:
        code = value_at(data, f"{path}.0.tenure")
        other = next((each for each in Tenure if each.code == code), None)
        confirmation = {} if other is None else {"operateCode": CHANGES_TENURE, "operateMessage": TENURES[other].zh}
        return {"result": {**LEGACY.layouts["VerificationCompared"], **variables.get("asked", {}), **confirmation}}

    return answer
