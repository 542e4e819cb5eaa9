"""Functions by which requests, which log in as a role that owns nothing, do what follows in rows of others."""

from collections.abc import Sequence
from itertools import chain

from alembic import op

from migrations.frozen.functions import (
    answers,
    claims,
    customers,
    events,
    keys,
    merging,
    orders,
    passwords,
    properties,
    restoring,
    roles,
    spaces,
    staff,
    trees,
    uses,
)
from migrations.frozen.functions.making import Function, drop, make

revision = "0018_request_functions"
down_revision = "0017_relay"

MODULES: Sequence[Sequence[Function]] = (
    trees.FUNCTIONS,
    spaces.FUNCTIONS,
    uses.FUNCTIONS,
    keys.FUNCTIONS,
    customers.FUNCTIONS,
    merging.FUNCTIONS,
    properties.FUNCTIONS,
    claims.FUNCTIONS,
    staff.FUNCTIONS,
    passwords.FUNCTIONS,
    roles.FUNCTIONS,
    orders.FUNCTIONS,
    answers.FUNCTIONS,
    restoring.FUNCTIONS,
    events.FUNCTIONS,
)


def upgrade() -> None:
    make([*chain.from_iterable(MODULES)])
    op.execute(staff.ALONG)


def downgrade() -> None:
    op.execute("drop trigger delete_along on admin")
    drop([*chain.from_iterable(MODULES)])
