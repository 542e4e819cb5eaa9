"""Extensions: what an answer says about how its request ran."""

from typing import Any

from app.execution.request import COMPILED, Run
from app.settings import Settings


def extensions_of(state: Run, settings: Settings) -> dict[str, Any]:
    """Return `extensions` of an answer: the cost of the request, in development also how it ran."""
    cost = {
        "estimated": state.estimated,
        "estimatedLimit": settings.max_cost,
        "actual": state.actual,
        "limit": state.budget.rows,
        "conditions": state.conditions,
        "conditionsLimit": settings.max_conditions,
        "values": state.values,
        "valuesLimit": state.budget.values,
    }
    return {"cost": cost, **({"plan": plan_of(state)} if settings.development else {})}


def plan_of(state: Run) -> dict[str, Any]:
    """Describe how a request ran: the executor, the levels of the plan, or the reason why no plan ran."""
    if state.way == COMPILED and state.plan is not None:
        return {"way": state.way, "levels": list(state.plan.levels())}
    return {"way": state.way, **({"reason": state.reason} if state.reason else {})}
