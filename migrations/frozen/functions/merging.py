"""Merging: two records of one customer become one, with what hidden organisations have of either."""

from migrations.frozen.functions.making import CHANGED, VALID, Function, require

# ruff: noqa: S608 - our own names

PAIR = "unnest(keeps, loses) as pair (keep, lose)"

BOTH_HOLD = f"""(
    select gone.id as gone, kept.id as kept from {PAIR}
    join property_relation gone on gone.customer_id = pair.lose
    join property_relation kept on kept.customer_id = pair.keep and kept.space_id = gone.space_id
    where gone.{VALID} and kept.{VALID}
  )"""
"""The valid relations to a space that both customers hold."""

SAME_TENANT = f"""not exists (
    select from {PAIR} join customer kept on kept.id = pair.keep join customer lost on lost.id = pair.lose
    where kept.top_org_id <> lost.top_org_id or kept.id = lost.id
  )"""

POINT = f"""
  update customer node set merged_into_id = pair.keep, status = 'DISABLED', {CHANGED} from {PAIR}
  where node.id = pair.lose or node.merged_into_id = pair.lose;
"""
"""The merged customer, and those that were merged into it before, name the one that stays."""

FILLED = {
    **{
        name: f"coalesce(node.{name}, lose.{name})"
        for name in ("phone", "identity", "face_picture", "level", "fourgrid_id")
    },
    "identity_type": "case when node.identity is null and lose.identity is not null then lose.identity_type"
    " when node.identity = lose.identity then coalesce(node.identity_type, lose.identity_type)"
    " else node.identity_type end",
    "sex": "case when node.sex = 'UNKNOWN' then lose.sex else node.sex end",
}
"""What the customer who stays takes over where a column is empty; the number of a document comes with its kind."""

FILL = f"""
  update customer node set {", ".join(f"{name} = {value}" for name, value in FILLED.items())}, {CHANGED}
  from {PAIR} join customer lose on lose.id = pair.lose
  where node.id = pair.keep
    and ({", ".join(f"node.{name}" for name in FILLED)}) is distinct from ({", ".join(FILLED.values())});
"""

REFER = f"""
  update {{table}} node set property_relation_id = both_hold.kept, {CHANGED} from {BOTH_HOLD} both_hold
  where node.property_relation_id = both_hold.gone;
"""

TENURES = "array['OWNER', 'OWNER_MEMBER', 'TENANT', 'TENANT_MEMBER']"
"""From the strongest to the weakest."""

# One statement deletes and changes: no space has two main owners in between.
KEEP_ONCE = f"""
  with both_hold as {BOTH_HOLD}, gone as (
    delete from property_relation relation using both_hold where relation.id = both_hold.gone
    returning both_hold.kept, relation.tenure, relation.is_main, relation.fourgrid_id
  )
  update property_relation node set
    tenure = case when array_position({TENURES}, gone.tenure::text) < array_position({TENURES}, node.tenure::text)
      then gone.tenure else node.tenure end,
    is_main = node.is_main or gone.is_main,
    fourgrid_id = coalesce(node.fourgrid_id, gone.fourgrid_id),
    {CHANGED}
  from gone where node.id = gone.kept;
"""

MOVE = f"""
  update {{table}} node set customer_id = pair.keep, {CHANGED} from {PAIR} where node.customer_id = pair.lose;
"""

MOVE_ORGS = f"""
  update customer_org node set customer_id = pair.keep, {CHANGED} from {PAIR} where node.customer_id = pair.lose
    and not exists (
      select from customer_org other where other.customer_id = pair.keep and other.org_id = node.org_id
    );
  delete from customer_org node using {PAIR} where node.customer_id = pair.lose;
"""

MOVED = ("property_relation", "housing_record", "verification", "work_order", "work_order_step")
"""The tables whose rows move."""

MERGE = "".join(
    (
        "  perform require_whole_customers(keeps || loses);\n",
        require(SAME_TENANT),
        POINT,
        FILL,
        *(REFER.format(table=table) for table in ("verification", "housing_record")),
        KEEP_ONCE,
        *(MOVE.format(table=table) for table in MOVED),
        MOVE_ORGS,
    )
)

FUNCTIONS = (Function("merge_customers", "keeps bigint[], loses bigint[]", "void", MERGE),)
