"""LoggedPush: the push service of a program that has none. It confirms every task and logs it."""

import logging

from app.push.service import Task

LOG = logging.getLogger("cadastre.push")


class LoggedPush:
    """Logs each task without its values."""

    async def deliver(self, task: Task) -> None:
        """Log the task."""
        LOG.info("no push gateway is set: a device is only noted", extra={"action": task.action, "task": task.number})

    async def close(self) -> None:
        """Do nothing."""
