"""What reaches people and programs: mails, notices, webhooks, feeds. One verb each."""

from commonpurse.notices.services.deliveries import (
    deliveries_forget_due,
    deliveries_send_due,
    delivery_repeat,
    webhooks_collect_due,
)
from commonpurse.notices.services.feeds import feed_token_make, feed_token_revoke
from commonpurse.notices.services.hooks import (
    webhook_add,
    webhook_end,
    webhook_renew,
    webhook_resume,
)
from commonpurse.notices.services.inbox import invited_tell, notice_add, notice_read
from commonpurse.notices.services.mails import (
    mail_add,
    mail_carry,
    mail_send_due,
    mails_and_notices_forget,
)
from commonpurse.notices.services.posting import digests_write_due, notices_post_due
from commonpurse.notices.services.preferences import mails_unsubscribe, preferences_set

__all__ = [
    "deliveries_forget_due",
    "deliveries_send_due",
    "delivery_repeat",
    "digests_write_due",
    "feed_token_make",
    "feed_token_revoke",
    "invited_tell",
    "mail_add",
    "mail_carry",
    "mail_send_due",
    "mails_and_notices_forget",
    "mails_unsubscribe",
    "notice_add",
    "notice_read",
    "notices_post_due",
    "preferences_set",
    "webhook_add",
    "webhook_end",
    "webhook_renew",
    "webhook_resume",
    "webhooks_collect_due",
]
