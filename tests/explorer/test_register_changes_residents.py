"""Who owns, rents and lives where is changed in the register browser, with what the program wants confirmed."""

from playwright.sync_api import Browser, expect

from tests.clients.page import Explorer
from tests.clients.record import dialog, mutations, open_dialog, record_opened

RELATIONS = '{ space(id: "%s") { propertyRelations { customer { name } tenure isMain housingStatus } } }'
ADD = "mutation { addVerification(input: %s) { verification { id } errors { message } } }"
REJECT = 'mutation { reviewVerification(input: {id: "%s", status: REJECTED}) { errors { message } } }'
TENANT = (
    'mutation { createPropertyRelation(input: {spaceId: "41019", customerId: "9146", tenure: TENANT}) '
    "{ errors { message } } }"
)


def relations_of(register: Explorer, id_: str) -> list[tuple[str, str, bool, str]]:
    return [
        (each["customer"]["name"], each["tenure"], each["isMain"], each["housingStatus"])
        for each in register.ask(RELATIONS % id_)["space"]["propertyRelations"]
    ]


def add_claim(register: Explorer, customer_id: str) -> str:
    """Enter a claim on house 41019, which is approved at once."""
    added = register.ask(ADD % f'{{spaceId: "41019", customerId: "{customer_id}", tenure: OWNER}}')["addVerification"]
    assert added["errors"] == []
    id_: str = added["verification"]["id"]
    return id_


def test_a_customer_is_found_and_related(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "41017", account="yanggc4") as register:
        shown = open_dialog(register, "Relate a customer")
        confirm = shown.get_by_role("button", name="Relate a customer")
        expect(confirm).to_be_disabled()
        search = shown.get_by_label("Name, or whole phone number")
        search.fill("13418770002")
        expect(shown.get_by_role("list", name="Customers found").get_by_role("button")).to_have_count(1)
        search.fill("客户4")
        shown.get_by_role("button", name="客户4").click()
        shown.get_by_label("Main owner").check()
        expect(shown.get_by_role("row", name="Customer")).to_contain_text("客户4")
        assert mutations(register) == []
        confirm.click()
        expect(dialog(register)).to_have_count(0)
        assert relations_of(register, "41017") == [("客户4", "OWNER", True, "LIVING_IN")]


def test_a_second_main_owner_is_refused_beside_the_field(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9892", locale="zh-CN") as register:
        shown = open_dialog(register, "关联客户")
        shown.get_by_label("姓名或完整手机号").fill("客户4")
        shown.get_by_role("button", name="客户4").click()
        shown.get_by_label("主业主").check()
        shown.get_by_role("button", name="关联客户").click()
        expect(shown.get_by_role("alert")).to_contain_text("已有主业主")


def test_a_customer_moves_out(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "4238") as register:
        shown = open_dialog(register, "Housing status")
        shown.get_by_role("list", name="Property relations").get_by_role("button", name="客户13").click()
        shown = dialog(register)
        shown.get_by_label("Housing status").select_option("MOVED_OUT")
        expect(shown.get_by_role("row", name="客户13")).to_contain_text("Moved out")
        shown.get_by_role("button", name="Set").click()
        expect(dialog(register)).to_have_count(0)
        assert relations_of(register, "4238") == [("客户13", "OWNER", True, "MOVED_OUT")]


def test_what_the_program_wants_confirmed_is_asked(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "41019", locale="zh-CN") as register:
        claim = add_claim(register, "9146")
        assert register.ask(REJECT % claim)["reviewVerification"]["errors"] == []
        add_claim(register, "9148")
        assert register.ask(TENANT)["createPropertyRelation"]["errors"] == []
        shown = open_dialog(register, "认证审核")
        shown.get_by_role("button", name="客户1 ").click()
        shown = dialog(register)
        expect(shown.get_by_label("审核结果")).to_have_value("APPROVED")
        approve = shown.get_by_role("button", name="通过")
        approve.click()
        expect(shown.get_by_role("alert").first).to_contain_text("当前产权已被客户")
        expect(shown.get_by_role("alert").last).to_contain_text("当前产权的客户类型是")
        shown.get_by_label("确认继续：迁出另一客户").check()
        shown.get_by_label("确认继续：变更现有产权的客户类型").check()
        approve.click()
        expect(dialog(register)).to_have_count(0)
        assert ("客户1", "OWNER", False, "LIVING_IN") in relations_of(register, "41019")
        assert ("客户2", "OWNER", False, "MOVED_OUT") in relations_of(register, "41019")


def test_a_claim_that_another_reviewer_decided_shows_both_decisions(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "10468") as register:
        shown = open_dialog(register, "Review claims")
        shown.get_by_role("button", name="Approved").click()
        shown = dialog(register)
        expect(shown.get_by_role("button", name="Cancel")).to_be_focused()
        assert register.ask(REJECT % "11266")["reviewVerification"]["errors"] == []
        shown.get_by_role("button", name="Reject").click()
        expect(shown.get_by_role("alert")).to_contain_text("Others have changed this record")
        shown.get_by_role("button", name="Take theirs").click()
        expect(dialog(register)).to_have_count(0)
