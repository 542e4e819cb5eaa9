"""Tenant: the initialisation of a tenant by the super administrator (document 003, section 18), all or nothing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from app.access.caller import Caller
from app.access.capabilities import EVERYWHERE, SUPER
from app.db.transaction import Writing
from app.models.admin import Admin, AdminType
from app.models.menu import OrgMenu
from app.models.org import Org, OrgType
from app.services.admin import create_admins
from app.services.admin_inputs import CreateAdmin
from app.services.administrator import AppointAdministrators, appoint_administrators
from app.services.menu_grant import GrantMenus, grant_menus
from app.services.org import create_orgs
from app.services.org_inputs import CreateOrg
from app.services.org_relation import RelateAdministrativeOrgs, relate_administrative_orgs
from app.services.targets import Errors, check_capability, outcomes
from app.services.write import Outcome, refers, secret

CAPABILITY = SUPER


@dataclass(frozen=True)
class InitialiseTenant:
    """租户初始化 A new tenant: its top organisations, its menus, and its first administrator."""

    business_org_name: str = refers(Org.name, "名称 Name of the top business organisation")
    administrative_org_name: str = refers(Org.name, "名称 Name of the top administrative organisation")
    menu_ids: tuple[int, ...] = refers(OrgMenu.menu_id, "菜单 The menus that the tenant may use, at least one")
    admin_name: str = refers(Admin.name, "姓名 Name of the first administrator")
    account: str = refers(Admin.account, "账号 Account name of the administrator")
    staff_number: str | None = refers(Admin.staff_number, "工号 Staff number of the administrator", None)
    phone: str | None = refers(Admin.phone, "手机号 Phone number of the administrator", None)
    type: AdminType = refers(Admin.type, "用户类型 What the administrator works for", AdminType.PROPERTY)
    password: str | None = secret("密码 The first password; without one the account cannot log in yet", None)


@dataclass
class Tenant:
    """A tenant while it is made: the input, and the ids of what the steps have written."""

    input: InitialiseTenant
    business_org: int = 0
    administrative_org: int = 0
    admin: int = 0


Step = Callable[[Writing, Caller, Sequence[Tenant]], Awaitable[list[Errors]]]


async def initialise_tenants(writing: Writing, caller: Caller, inputs: Sequence[InitialiseTenant]) -> list[Outcome]:
    """Run the steps of section 18 by the services of their single mutations, and return the top business organisations.

    The first step with errors ends it; the savepoint of the mutation undoes the steps before. UserErrors: those of the
    steps, with the fields of this input.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    tenants = [Tenant(input_) for input_ in inputs]
    for step in STEPS:
        errors = await step(writing, caller, tenants)
        if any(errors):
            return outcomes(errors)
    return outcomes([()] * len(tenants), [tenant.business_org for tenant in tenants])


async def _create_orgs(writing: Writing, caller: Caller, tenants: Sequence[Tenant]) -> list[Errors]:
    """18.1: create the top business and the top administrative organisation."""
    business = [CreateOrg(tenant.input.business_org_name, type=OrgType.BUSINESS) for tenant in tenants]
    serving = [CreateOrg(tenant.input.administrative_org_name, type=OrgType.ADMINISTRATIVE) for tenant in tenants]
    made = await create_orgs(writing, caller, [*business, *serving])
    for tenant, first, second in zip(tenants, made, made[len(tenants) :], strict=False):
        tenant.business_org, tenant.administrative_org = first.id or 0, second.id or 0
    return [first.errors + second.errors for first, second in zip(made, made[len(tenants) :], strict=False)]


async def _relate_orgs(writing: Writing, caller: Caller, tenants: Sequence[Tenant]) -> list[Errors]:
    """18.2: relate the two."""
    inputs = [RelateAdministrativeOrgs(tenant.business_org, (tenant.administrative_org,)) for tenant in tenants]
    return _errors(await relate_administrative_orgs(writing, caller, inputs), {})


async def _grant_menus(writing: Writing, caller: Caller, tenants: Sequence[Tenant]) -> list[Errors]:
    """19: grant the menus, before the built-in role gets them."""
    inputs = [GrantMenus((tenant.business_org,), tenant.input.menu_ids) for tenant in tenants]
    return _errors(await grant_menus(writing, caller, inputs), {})


async def _create_admins(writing: Writing, caller: Caller, tenants: Sequence[Tenant]) -> list[Errors]:
    """18.4 and 18.5: create the account of the administrator, with its password."""
    made = await create_admins(writing, caller, [_admin_of(tenant) for tenant in tenants])
    for tenant, outcome in zip(tenants, made, strict=True):
        tenant.admin = outcome.id or 0
    return _errors(made, {"name": "admin_name"})


async def _appoint(writing: Writing, caller: Caller, tenants: Sequence[Tenant]) -> list[Errors]:
    """18.3 and 18.6: appoint the administrator. Without menus the top organisation is refused."""
    inputs = [AppointAdministrators(tenant.business_org, (tenant.admin,)) for tenant in tenants]
    return _errors(await appoint_administrators(writing, caller, inputs), {"org_id": "menu_ids"})


STEPS: tuple[Step, ...] = (_create_orgs, _relate_orgs, _grant_menus, _create_admins, _appoint)


def _admin_of(tenant: Tenant) -> CreateAdmin:
    input_ = tenant.input
    return CreateAdmin(
        org_id=tenant.administrative_org,
        name=input_.admin_name,
        type=input_.type,
        account=input_.account,
        staff_number=input_.staff_number,
        phone=input_.phone,
        password=input_.password,
    )


def _errors(made: Sequence[Outcome], fields: Mapping[str, str]) -> list[Errors]:
    """Return the errors of a step, each at the field of the whole input that a field of the step comes from."""
    for error in (error for outcome in made for error in outcome.errors):
        error.path = tuple(fields.get(name, name) for name in error.path)
    return [outcome.errors for outcome in made]
