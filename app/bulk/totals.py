"""Totals: what the kept totals of the spaces of each community differ in from the spaces themselves."""

from psycopg import Connection

from app.bulk.trees import Difference

WRONG = """
select coalesce(stored.community_id, counted.community_id),
  concat_ws(' ', coalesce(stored.kind, counted.kind), coalesce(stored.value, counted.value), stored.status),
  concat_ws(' / ', stored.count, stored.area, stored.fee_area),
  concat_ws(' / ', counted.count, counted.area, counted.fee_area)
from (
  select org_id, community_id, kind, value, status, sum(count)::bigint as count, sum(area) as area,
    sum(fee_area) as fee_area
  from space_total group by org_id, community_id, kind, value, status
  having sum(count) <> 0 or sum(area) <> 0 or sum(fee_area) <> 0
) stored
full join true_space_totals() counted on (counted.org_id, counted.community_id, counted.kind, counted.value,
  coalesce(counted.status, '')) = (stored.org_id, stored.community_id, stored.kind, stored.value,
  coalesce(stored.status, ''))
where (stored.count, stored.area, stored.fee_area) is distinct from (counted.count, counted.area, counted.fee_area)
order by 1, 2
"""


def wrong_totals(connection: Connection) -> list[Difference]:
    """List the totals that are wrong: their community, what is counted, and number, area and charged area.

    `select rebuild_space_totals()` counts all spaces anew.
    """
    rows = connection.execute(WRONG).fetchall()
    return [
        Difference("space_total", int(id_), str(what), stored or None, right or "0")
        for id_, what, stored, right in rows
    ]
