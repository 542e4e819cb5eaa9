"""The numbers of children: requests only raise them."""

import psycopg
import pytest

TAKE = "select parent_id, last_number from take_numbers('org', 100000000, array[null, 8829, 8829]::bigint[])"


def test_numbers_are_taken_one_after_the_other_and_never_twice(own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute("set local role cadastre_app")
        taken: list[dict[int, int]] = [dict(connection.execute(TAKE).fetchall()) for _ in range(2)]
    first, second = taken
    assert second == {0: first[0] + 1, 8829: first[8829] + 2}


@pytest.mark.parametrize(
    "statement", ["select * from numbering", "update numbering set last_number = 0", "delete from numbering"]
)
def test_requests_neither_read_nor_write_numbers(demo_url: str, statement: str) -> None:
    with psycopg.connect(demo_url) as connection:
        connection.execute("set local role cadastre_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_the_numbers_of_work_orders_are_only_raised(own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute("set local role cadastre_app")
        wanted = [
            connection.execute(f"select take_work_order_numbers({count})".encode()).fetchall()
            for count in ("2", "-2", "null", "1")
        ]
    assert [[number[-4:] for (number,) in each] for each in wanted] == [["0001", "0002"], [], [], ["0003"]]
