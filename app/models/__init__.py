"""Every model. Importing this package registers all tables in `models.Base.metadata`."""

from app.models.admin import Admin, AdminGroup, AdminGroupMember
from app.models.admin_grant import AdminGrant
from app.models.app_grant import AppGrant
from app.models.authorization_code import AuthorizationCode
from app.models.base import Base, Entity, Versioned
from app.models.change import Change
from app.models.client import Client
from app.models.client_grant import ClientGrant
from app.models.customer import Customer, CustomerOrg
from app.models.device import Device
from app.models.idempotency_key import IdempotencyKey
from app.models.login import Login
from app.models.login_source import LoginSource
from app.models.menu import Menu, MenuGuidance, OrgMenu
from app.models.org import Org, OrgRelation
from app.models.parked_event import ParkedEvent
from app.models.parking import ParkingDetail
from app.models.person_try import PersonTry
from app.models.personal_read import PersonalRead
from app.models.property import HousingRecord, PropertyRelation
from app.models.published_event import PublishedEvent
from app.models.push_task import PushTask
from app.models.refresh_token import RefreshToken
from app.models.relay_position import RelayPosition
from app.models.role import OrgRole, OrgRoleMenu, Role
from app.models.space import Space, SpaceLocation
from app.models.space_total import HouseOccupancy, SpaceTotal
from app.models.stored_document import StoredDocument
from app.models.tree import Numbering
from app.models.verification import Verification
from app.models.webhook import Webhook
from app.models.webhook_delivery import WebhookDelivery
from app.models.work_order import WorkOrder, WorkOrderCategory, WorkOrderDay, WorkOrderStep
