"""The only writers of notices, deliveries and webhooks."""

from bihuan.foundation.notifications.services.deliveries import deliver, deliver_due
from bihuan.foundation.notifications.services.notices import (
    bind,
    mark_all_read,
    mark_read,
    notify,
    prefer,
    write_outside,
)
from bihuan.foundation.notifications.services.webhooks import (
    post,
    post_due,
    publish,
    replay,
    start_webhook,
    stop_webhook,
    subscribe,
)

__all__ = [
    "bind",
    "deliver",
    "deliver_due",
    "mark_all_read",
    "mark_read",
    "notify",
    "post",
    "post_due",
    "prefer",
    "publish",
    "replay",
    "start_webhook",
    "stop_webhook",
    "subscribe",
    "write_outside",
]
