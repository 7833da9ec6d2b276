"""The inbox, what reaches people by mail, and what reaches programs: webhooks, feeds, tables."""

from django.urls import URLPattern, path

from commonpurse.web.views import feeds, inbox, preferences, tables, webhooks

urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read, name="inbox_read"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("demo/mails/", inbox.demo_mails, name="demo_mails"),
    path("c/<slug:slug>/preferences/", preferences.preferences, name="preferences"),
    path("c/<slug:slug>/webhooks/", webhooks.webhooks, name="webhook_list"),
    path("c/<slug:slug>/webhooks/new/", webhooks.webhook_new, name="webhook_new"),
    path("c/<slug:slug>/webhooks/<uuid:webhook_id>/", webhooks.webhook, name="webhook"),
    path(
        "c/<slug:slug>/webhooks/<uuid:webhook_id>/secret/",
        webhooks.webhook_secret,
        name="webhook_renew",
    ),
    path(
        "c/<slug:slug>/webhooks/<uuid:webhook_id>/resume/",
        webhooks.webhook_go_on,
        name="webhook_resume",
    ),
    path(
        "c/<slug:slug>/webhooks/<uuid:webhook_id>/end/", webhooks.webhook_drop, name="webhook_end"
    ),
    path(
        "c/<slug:slug>/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/",
        webhooks.delivery_again,
        name="delivery_repeat",
    ),
    path("c/<slug:slug>/feeds/", feeds.feeds, name="feed_list"),
    path("c/<slug:slug>/feeds/key/", feeds.feed_key, name="feed_token_make"),
    path(
        "c/<slug:slug>/feeds/key/<uuid:token_id>/revoke/",
        feeds.feed_key_take_back,
        name="feed_token_revoke",
    ),
    path("c/<slug:slug>/feeds/deadlines.ics", feeds.calendar, name="calendar"),
    path("c/<slug:slug>/feeds/<slug:name>.atom", feeds.feed, name="feed"),
    path(
        "c/<slug:coop>/feeds/<slug:key>/deadlines.ics",
        feeds.calendar_private,
        name="calendar_private",
    ),
    path(
        "c/<slug:coop>/feeds/<slug:key>/<slug:name>.atom", feeds.feed_private, name="feed_private"
    ),
    path("c/<slug:slug>/tables/<slug:name>.<slug:form>", tables.table, name="table"),
    path(
        "c/<slug:slug>/decisions/<int:number>/ballots.<slug:form>",
        tables.ballots,
        name="table_ballots",
    ),
]
