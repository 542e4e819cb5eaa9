"""Personal data of the demo world, and who sees them plain and masked."""

import psycopg

PLAIN, MASKED = "yanggc4", "lisi"
"""Callers who see customer 9343: one who may read personal data, and one who may not."""

PHONE, IDENTITY = "13418770013", "430421199307280013"
"""The personal data of customer 9343."""


def secrets(url: str) -> set[str]:
    """Give every personal value of the demo world."""
    columns = {
        "admin": ("phone", "email", "identity"),
        "customer": ("phone", "identity"),
        "work_order": ("contact_phone",),
        "verification": ("identity", "app_user_phone", "main_customer_phone"),
    }
    with psycopg.connect(url) as connection:
        return {
            value
            for table, names in columns.items()
            for name in names
            for (value,) in connection.execute(f"select distinct {name} from {table} where {name} is not null")
        }
