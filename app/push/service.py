"""PushService: what delivery needs of a push service. app/push/logged.py and app/push/gateway.py implement it."""

from dataclasses import dataclass, field
from typing import Protocol

from app.models.device import DeviceEnvironment
from app.models.push_task import PushAction


@dataclass(frozen=True)
class Task:
    """A registration or removal of a device, as app/push/delivery.py takes it from the table `push_task`.

    `number` is the same whenever the task is delivered again. `attempts` counts deliveries, this one included.
    """

    number: int
    action: PushAction
    app_id: str
    device_id: str
    admin_id: int
    provider: str
    device_token: str | None = field(repr=False)
    os: str
    environment: DeviceEnvironment
    attempts: int


class PushFailedError(Exception):
    """The push service did not confirm a task, and may do so later. The message quotes no value of the task."""


class PushRefusedError(Exception):
    """The push service refuses a task and will always do so. The message quotes no value of the task."""


class PushService(Protocol):
    """Knows the devices of staff. A task may be delivered more than once."""

    async def deliver(self, task: Task) -> None:
        """Return when the task is confirmed; PushFailedError or PushRefusedError when it is not."""

    async def close(self) -> None:
        """Close connections."""
