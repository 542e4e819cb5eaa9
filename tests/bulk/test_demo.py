"""The demo world: whole, loaded once, and leaving alone what users made of it."""

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from app.access.passwords import verify_password
from app.bulk.demo import FILES, PASSWORD, demo_tables, load, rows_of
from app.bulk.trees import differences
from app.db.embedded import EmbeddedServer
from app.errors import OperatorError
from app.services.tree import RULES

FACTS: list[tuple[str, int, str, object]] = [
    ("menu", 20477, "full_name", "通行管理"),
    ("menu", 20478, "full_name", "通行管理/门禁管理"),
    ("org_menu", 20606, "menu_id", 20477),
    ("org", 19872, "name", "中海"),
    ("org", 8829, "name", "美的集团-业务组织"),
    ("org", 9099, "name", "君兰江山小区"),
    ("org", 14328, "code", "901105109114"),
    ("org", 9103, "name", "简岸花园小区"),
    ("org", 21, "name", "美的置业HK"),
    ("org", 6177, "full_name", "美的置业HK/美家1/美家1-1/美家1-1-1"),
    ("org", 12, "type", "ADMINISTRATIVE"),
    ("org", 8824, "administrative_sub_type", "APPLICATION"),
    ("org", 20256, "full_name", "万科-业务/万科二级业务组织/万科三级业务组织/万科广场"),
    ("org", 8805, "full_name", "美的集团/美的物业/物业集团/皖苏北分公司/徐州片区/徐州美的公园天下/前期-秩序部"),
    ("org", 8805, "fourgrid_id", 21321373),
    ("org", 11008, "status", "DISABLED"),
    ("org", 8700, "code", "101105117131108107100"),
    ("org_relation", 9108, "administrative_org_id", 8700),
    ("org_relation", 18790, "business_org_id", 15264),
    ("org", 13991, "type", "ADMINISTRATIVE"),
    ("org", 23033, "full_name", "sit顶级业务组织234/通行区域/通行测试"),
    ("space", 18, "full_name", "美的君兰江山/美的君兰江山一期A"),
    ("space_location", 123, "space_id", 3429),
    ("space", 11964, "full_name", "1/4/6号楼_1_402"),
    ("space", 11964, "code", "695010201000"),
    ("space", 13702, "org_id", 9105),
    ("parking_detail", 13515, "space_id", 10482),
    ("space", 21485, "full_name", "悦然寓/北区/车场/北区地上车场/篮球场停车区域/1001"),
    ("space", 11230, "full_name", "君兰江山/君兰东区/西区建筑物/1栋/1栋-1单元/1栋-1单元-1层/101"),
    ("space", 11230, "org_path", "8829/8830/8831/9099/"),
    ("space", 9885, "org_id", 9103),
    ("space", 166, "name", "粤A-E002"),
    ("org_menu", 468, "menu_id", 5),
    ("menu", 8, "parent_id", 5),
    ("menu", 20482, "full_name", "组织权限/行政组织"),
    ("role", 42, "name", "角色测试Y"),
    ("org_role_menu", 20655, "menu_id", 20481),
    ("org_role_menu", 24608, "role_id", 20589),
    ("role", 2136, "name", "测试10"),
    ("org_role", 20740, "role_id", 20589),
    ("org_role", 20456, "org_id", 16432),
    ("org_role", 33, "role_id", 20592),
    ("admin_grant", 31, "role_id", 27),
    ("admin", 1, "phone", "13926003676"),
    ("admin", 9160, "status", "CANCELLED"),
    ("admin", 3410, "staff_number", "20351122"),
    ("admin", 8852, "phone", "13418777766"),
    ("admin", 21770, "position", "秘书长"),
    ("admin", 21052, "name", "bb001"),
    ("admin", 12706, "name", "路人甲"),
    ("admin_group", 8830, "name", "美的集团-组2"),
    ("admin_group", 9247, "name", "产业技术研究部_组001_修改"),
    ("admin_group_member", 8934, "admin_id", 8843),
    ("customer", 9867, "name", "客户51_修改"),
    ("customer", 9343, "fourgrid_id", 1),
    ("space", 9887, "name", "海岸花园"),
    ("space", 3456, "full_name", "美的君兰江山(北滘)/16栋/1单元/26/16栋_1单元_2602"),
    ("space", 9890, "full_name", "简岸花园/建筑物8/8栋"),
    ("property_relation", 10048, "space_id", 9892),
    ("property_relation", 1, "customer_id", 9343),
    ("housing_record", 10263, "housing_status", "CANCELLED"),
    ("space", 20704, "name", "zt101"),
    ("space", 20902, "code", "100001000100000001100000000100000000100000000"),
    ("verification", 11266, "status", "APPROVED"),
    ("space", 10468, "full_name", "云悦江山/片区1/建筑物1/楼栋1/单元1/楼层1/房间01-1"),
    ("admin", 8813, "name", "黄汝平"),
    ("org", 16432, "name", "朱慧媛-新建集团-勿动"),
    ("menu_guidance", 32486, "content", "111"),
    ("admin_grant", 32984, "admin_id", 32979),
    ("role", 20463, "is_system_default", True),
]
"""What the examples of document 003 say, section by section: table, id, column, value."""

NO_ROWS = {table.name: 0 for table in demo_tables()}


def dump(url: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        return {
            table.name: connection.execute(
                SQL("select * from {} order by id").format(Identifier(table.name))
            ).fetchall()
            for table in demo_tables()
        }


def change(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_file_is_named_as_its_table_and_names_its_columns() -> None:
    tables = demo_tables()
    assert {path.stem for path in FILES.iterdir()} == {table.name for table in tables}
    unknown = {(table.name, name) for table in tables for row in rows_of(table) for name in row.keys() - table.c.keys()}
    assert unknown == set()


def test_parents_stand_before_their_children_and_ids_lie_below_the_sequence() -> None:
    for table in demo_tables():
        seen: set[object] = {None}
        for row in rows_of(table):
            assert row.get("parent_id") in seen, row
            assert row["id"] not in seen, row
            assert 0 < int(str(row["id"])) < 100_000
            seen.add(row["id"])


def test_the_world_is_loaded_once(empty_url: str) -> None:
    told: list[tuple[int, int | None]] = []
    inserted = load(empty_url, lambda _stage, done, total=None: told.append((done, total)))
    assert inserted == {table.name: len(rows_of(table)) for table in demo_tables()}
    assert [told[0], told[-1]] == [(0, len(NO_ROWS)), (len(NO_ROWS), len(NO_ROWS))]
    before = dump(empty_url)
    assert load(empty_url) == NO_ROWS
    assert dump(empty_url) == before


def test_what_the_documents_show_is_there(demo_url: str) -> None:
    with psycopg.connect(demo_url) as connection:
        found = [
            (table, number, column, row[0] if row else None)
            for table, number, column, _ in FACTS
            for row in [
                connection.execute(
                    SQL("select {} from {} where id = %s").format(Identifier(column), Identifier(table)), [number]
                ).fetchone()
            ]
        ]
    assert found == FACTS


def test_the_documented_tree_of_organisations(demo_url: str) -> None:
    rows = ask(
        demo_url,
        """select child.name, grandchild.name from org child left join org grandchild on grandchild.parent_id = child.id
           where child.parent_id = 6419 order by child.code, grandchild.code""",
    )
    assert rows == [
        ("职能账户组织机构", None),
        ("美的物业", "产业发展事业部"),
        ("美的物业", "物业集团"),
        ("置业-1", None),
        ("置业-2", "置业-2-1"),
    ]


def test_derived_columns_and_numbers_are_right(demo_url: str) -> None:
    with psycopg.connect(demo_url) as connection:
        assert [differences(connection, tree) for tree in RULES] == [[], [], []]
    assert ask(demo_url, "select tree, last_number from numbering where parent_id = 0 order by tree") == [
        ("menu", 100_006),
        ("org", 100_000_242),
        ("space", 100_001_075),
    ]


def test_every_account_opens_with_the_published_password(demo_url: str) -> None:
    accounts = ask(demo_url, "select account, password_hash from admin")
    assert {"supperadm", "yanggc4", "zhangx", "zhuhy44", "zhuhy57", "test01", "bb001"} <= {job for job, _ in accounts}
    assert all(verify_password(str(kept), PASSWORD) for _, kept in accounts)
    assert len({kept for _, kept in accounts}) == len(accounts)


def test_administrators_hold_the_built_in_role_where_the_documents_say(demo_url: str) -> None:
    held = ask(
        demo_url,
        """select admin.account, held.org_id from admin_grant held join admin on admin.id = held.admin_id
           join role on role.id = held.role_id and role.is_system_default
           where admin.account in ('yanggc4', 'zhangx', 'supperadm') order by 1, 2""",
    )
    assert held == [("yanggc4", 2), ("yanggc4", 8829), ("zhangx", 15264)]
    roots = ask(
        demo_url,
        """select distinct admin_id, split_part(org.path, '/', 1) from admin_grant held
           join org on org.id = held.org_id join admin on admin.id = held.admin_id
           where admin.account in ('yanggc4', 'zhangx') order by 1, 2""",
    )
    assert [root for _, root in roots] == ["2", "8829", "15264"]
    assert ask(demo_url, "select account from admin where is_super") == [("supperadm",)]


def test_the_people_of_document_000_own_and_serve(demo_url: str) -> None:
    assert ask(
        demo_url,
        """select space.full_name, relation.housing_status from customer
           join property_relation relation on relation.customer_id = customer.id
           join space on space.id = relation.space_id
           where customer.name = '小西' and customer.phone = '15800703186'""",
    ) == [("青年汇/A11/a/a/02/01", "LIVING_IN")]
    assert ask(
        demo_url,
        """select space.external_id, space.name from admin join admin_grant held on held.admin_id = admin.id
           join space on space.org_id = held.org_id and space.type = 'COMMUNITY'
           where admin.name = '孔老师' and admin.phone = '15284413186' order by space.id""",
    ) == [
        ("006i000A0ruXeusRVEbFaq", "花园小区"),
        ("006i000P1O8ppJGdzz4oQi", "青年汇"),
        ("006i000P1OFDRaNLKrmjqa", "怡海花园"),
    ]


def test_what_users_changed_is_left_alone(empty_url: str) -> None:
    load(empty_url)
    change(
        empty_url,
        "update org set name = '改名', full_name = '改名' where id = 19872",
        "update admin set account = 'mine', password_hash = null where id = 1",
        "update space set org_id = null, org_path = null where id = 13554",
        "update property_relation set customer_id = 9148 where id = 1",
    )
    before = dump(empty_url)
    assert load(empty_url) == NO_ROWS
    assert dump(empty_url) == before


def test_what_users_deleted_comes_back(empty_url: str) -> None:
    load(empty_url)
    before = dump(empty_url)["org"]
    change(empty_url, "delete from org where id in (13991, 11010)")
    assert load(empty_url) == {**NO_ROWS, "org": 2}
    assert [row[0] for row in dump(empty_url)["org"]] == [row[0] for row in before]


def test_a_relation_that_users_made_again_is_not_made_twice(empty_url: str) -> None:
    load(empty_url)
    change(
        empty_url,
        "delete from admin_group_member where id = 8934",
        "insert into admin_group_member (group_id, admin_id) values (8830, 8843)",
        "delete from app_grant",
        "insert into app_grant (app_id, app_type, org_id) values ('123', 'COMMUNITY', 15264)",
    )
    assert load(empty_url) == {**NO_ROWS, "app_grant": 1}


def test_a_relation_whose_pair_was_given_another_meaning_is_left_out(empty_url: str) -> None:
    load(empty_url)
    change(
        empty_url,
        "delete from admin_grant where id = 34",
        "delete from org_role_menu where role_id = 20592",
        "update org_role set role_id = 110 where id = 33",
    )
    assert load(empty_url) == NO_ROWS


def test_a_name_that_a_user_has_taken_is_told_and_nothing_is_written(empty_url: str) -> None:
    change(empty_url, "insert into admin (name, account) values ('王五', 'yanggc4')")
    with pytest.raises(OperatorError, match=r"in admin, .*\(account\)=\(yanggc4\)"):
        load(empty_url)
    assert ask(empty_url, "select count(*) from org") == [(0,)]


def test_the_world_stands_beside_other_data(empty_url: str) -> None:
    change(
        empty_url,
        """insert into org (id, type, name, full_name, path, depth, code)
           values (100001, 'BUSINESS', '导入', '导入', '100001/', 0, '100000900')""",
        """insert into space (id, type, name, full_name, path, depth, code, community_id, org_id, org_path)
           values (100002, 'COMMUNITY', '导入', '导入', '100002/', 0, '100001000', 100002, 100001, '100001/')""",
    )
    load(empty_url)
    assert ask(empty_url, "select last_number from numbering where parent_id = 0 and tree = 'org'") == [(100_000_900,)]
    assert ask(empty_url, "select path, org_path, version from space where id = 100002") == [("100002/", "100001/", 1)]


def test_a_database_without_the_tables_is_told(server: EmbeddedServer) -> None:
    with pytest.raises(OperatorError, match="never migrated"):
        load(server.url_of("postgres"))


def test_a_database_that_does_not_answer_is_told() -> None:
    with pytest.raises(OperatorError, match="cannot be reached"):
        load("postgresql://cadastre@/nothing?host=/nowhere")
