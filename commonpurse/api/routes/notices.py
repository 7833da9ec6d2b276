"""What reaches you by mail, the co-op's webhooks, and the keys of your feeds."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from commonpurse.api.caller import call_begin
from commonpurse.api.once import writes
from commonpurse.api.paging import (
    After,
    Limit,
    Page,
    cursor_number,
    cursor_write,
    page_of,
)
from commonpurse.api.schemas.base import Done
from commonpurse.api.schemas.notices import (
    Delivery,
    FeedKey,
    FeedKeyOut,
    Preferences,
    PreferencesIn,
    Webhook,
    WebhookIn,
    WebhookOut,
)
from commonpurse.notices.selectors import (
    delivery_list,
    feed_token_list,
    preference_list,
    webhook_by_id,
    webhook_list,
)
from commonpurse.notices.services import (
    delivery_repeat,
    feed_token_make,
    feed_token_revoke,
    preferences_set,
    webhook_add,
    webhook_end,
    webhook_renew,
    webhook_resume,
)

INDEX_DIGITS = 18

router = Router(tags=["notices"])


@router.get("/coops/{slug:slug}/preferences", response=Preferences, summary="Your mails")
def preferences(request: HttpRequest, slug: str) -> dict[str, object]:
    """How each kind of notice of this co-op reaches you by mail."""
    call = call_begin(request, slug)
    found = preference_list(person_id=call.member.person_id, coop_id=call.coop_id)
    return {"items": found}


@router.patch("/coops/{slug:slug}/preferences", response=Preferences, summary="Choose your mails")
@writes("manage")
def preferences_choose(request: HttpRequest, slug: str, given: PreferencesIn) -> Preferences:
    """At once, in the daily digest, or not by mail; for some kinds or for all."""
    call = call_begin(request, slug)
    kept = preferences_set(
        person_id=call.member.person_id,
        coop_id=call.coop_id,
        posts={str(kind): str(post) for kind, post in given.posts.items()},
        actor=call.caller.actor,
        at=call.at,
    )
    return Preferences.from_orm({"items": kept})


@router.get("/coops/{slug:slug}/webhooks", response=Page[Webhook], summary="Webhooks")
def webhooks(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Where the co-op's public facts are sent. For coordinators."""
    call = call_begin(request, slug)
    call.for_coordinators()
    return page_of(webhook_list(coop_id=call.coop_id), after, limit)


@router.post("/coops/{slug:slug}/webhooks", response={201: WebhookOut}, summary="Make a webhook")
@writes("manage", status=201)
def webhook_new(request: HttpRequest, slug: str, given: WebhookIn) -> WebhookOut:
    """Send facts of these kinds to an address, from the next one on. For coordinators."""
    call = call_begin(request, slug)
    made = webhook_add(
        name=given.name, url=given.url, kinds=given.kinds, actor=call.coordinator, at=call.at
    )
    return WebhookOut(**Webhook.from_orm(made.webhook).model_dump(), secret=made.secret)


@router.get(
    "/coops/{slug:slug}/webhooks/{webhook_id}/deliveries",
    response=Page[Delivery],
    summary="Deliveries",
)
def deliveries(
    request: HttpRequest, slug: str, webhook_id: UUID, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """What was sent to a webhook or waits to be, newest fact first. For coordinators."""
    call = call_begin(request, slug)
    call.for_coordinators()
    webhook_by_id(coop_id=call.coop_id, webhook_id=webhook_id)
    before = cursor_number(after, INDEX_DIGITS) if after is not None else None
    found = delivery_list(webhook_id=webhook_id, before=before, limit=limit + 1)
    more = len(found) > limit
    following = cursor_write(found[limit - 1].leaf_index) if more else None
    return {"items": found[:limit], "next": following}


@router.post(
    "/coops/{slug:slug}/webhooks/{webhook_id}/deliveries/{delivery_id}/repeat",
    response=Delivery,
    summary="Send a delivery again",
)
@writes("manage")
def delivery_again(
    request: HttpRequest, slug: str, webhook_id: UUID, delivery_id: UUID
) -> Delivery:
    """Send it again, from its first try on. For coordinators."""
    call = call_begin(request, slug)
    view = delivery_repeat(
        webhook_id=webhook_id, delivery_id=delivery_id, actor=call.coordinator, at=call.at
    )
    return Delivery.from_orm(view)


@router.post(
    "/coops/{slug:slug}/webhooks/{webhook_id}/secret",
    response=WebhookOut,
    summary="Give a webhook another secret",
)
@writes("manage")
def webhook_secret(request: HttpRequest, slug: str, webhook_id: UUID) -> WebhookOut:
    """For a day the former secret signs beside the new one. For coordinators."""
    call = call_begin(request, slug)
    made = webhook_renew(webhook_id=webhook_id, actor=call.coordinator, at=call.at)
    return WebhookOut(**Webhook.from_orm(made.webhook).model_dump(), secret=made.secret)


@router.post(
    "/coops/{slug:slug}/webhooks/{webhook_id}/resume",
    response=Webhook,
    summary="Let a stopped webhook go on",
)
@writes("manage")
def webhook_go_on(request: HttpRequest, slug: str, webhook_id: UUID) -> Webhook:
    """It goes on where it stopped and misses nothing. For coordinators."""
    call = call_begin(request, slug)
    view = webhook_resume(webhook_id=webhook_id, actor=call.coordinator, at=call.at)
    return Webhook.from_orm(view)


@router.delete("/coops/{slug:slug}/webhooks/{webhook_id}", response=Done, summary="End a webhook")
@writes("manage")
def webhook_drop(request: HttpRequest, slug: str, webhook_id: UUID) -> Done:
    """Send nothing there any more. For coordinators."""
    call = call_begin(request, slug)
    webhook_end(webhook_id=webhook_id, actor=call.coordinator, at=call.at)
    return Done()


@router.get("/coops/{slug:slug}/feed-keys", response=Page[FeedKey], summary="Your feed keys")
def feed_keys(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """The keys of your private feeds of this co-op, newest first."""
    call = call_begin(request, slug)
    found = feed_token_list(person_id=call.member.person_id, coop_id=call.coop_id)
    return page_of(found, after, limit)


@router.post("/coops/{slug:slug}/feed-keys", response={201: FeedKeyOut}, summary="Make a feed key")
@writes("manage", status=201)
def feed_key_new(request: HttpRequest, slug: str) -> FeedKeyOut:
    """A key that reads what you may read: `/c/{slug}/feeds/{secret}/threads.atom`."""
    call = call_begin(request, slug)
    made = feed_token_make(actor=call.member, at=call.at)
    return FeedKeyOut(**FeedKey.from_orm(made.token).model_dump(), secret=made.secret)


@router.delete(
    "/coops/{slug:slug}/feed-keys/{token_id}", response=Done, summary="Take a feed key back"
)
@writes("manage")
def feed_key_drop(request: HttpRequest, slug: str, token_id: UUID) -> Done:
    """Its addresses lead nowhere from now on."""
    call = call_begin(request, slug)
    feed_token_revoke(token_id=token_id, actor=call.member, at=call.at)
    return Done()
