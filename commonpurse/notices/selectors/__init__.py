"""Reads of mails, notices, webhooks and feeds: frozen values."""

from commonpurse.notices.selectors.feeds import feed_token_find, feed_token_list
from commonpurse.notices.selectors.hooks import delivery_list, webhook_by_id, webhook_list
from commonpurse.notices.selectors.inbox import (
    is_told,
    notice_by_id,
    notice_count_unread,
    notice_list,
    preference_list,
)
from commonpurse.notices.selectors.mails import mail_latest, mail_latest_code
from commonpurse.notices.values import (
    DeliveryView,
    FeedTokenMade,
    FeedTokenView,
    MailView,
    NoticeView,
    PreferenceView,
    WebhookMade,
    WebhookView,
)

__all__ = [
    "DeliveryView",
    "FeedTokenMade",
    "FeedTokenView",
    "MailView",
    "NoticeView",
    "PreferenceView",
    "WebhookMade",
    "WebhookView",
    "delivery_list",
    "feed_token_find",
    "feed_token_list",
    "is_told",
    "mail_latest",
    "mail_latest_code",
    "notice_by_id",
    "notice_count_unread",
    "notice_list",
    "preference_list",
    "webhook_by_id",
    "webhook_list",
]
