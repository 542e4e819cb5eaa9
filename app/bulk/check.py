"""Check: compare derived columns and totals with what the rules give, and find ids that records share."""

import psycopg

from app.bulk.progress import Progress, silent
from app.bulk.shared_ids import shared_ids
from app.bulk.totals import wrong_totals
from app.bulk.trees import Difference, differences
from app.db.connecting import connect
from app.db.migrating import unreachable
from app.services.tree import RULES


def check(url: str, progress: Progress = silent) -> list[Difference]:
    """List every difference in the three trees, every shared id and every wrong total, in one snapshot.

    OperatorError when the database is unreachable.
    """
    all_differences: list[Difference] = []
    try:
        with connect(url) as connection:
            connection.execute("set transaction isolation level repeatable read, read only")
            connection.execute("set local work_mem = '128MB'")
            for done, tree in enumerate(RULES):
                progress("checking", done, len(RULES) + 2)
                all_differences += differences(connection, tree, limit=None)
            progress("checking", len(RULES), len(RULES) + 2)
            all_differences += shared_ids(connection)
            progress("checking", len(RULES) + 1, len(RULES) + 2)
            all_differences += wrong_totals(connection)
            progress("checking", len(RULES) + 2, len(RULES) + 2)
    except psycopg.OperationalError as error:
        raise unreachable(url, error) from error
    return all_differences
