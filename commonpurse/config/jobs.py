"""What the worker does, and when: each name of a job maps to the service that carries it out.

Jobs are deferred by name, in the transaction that makes them necessary
(`record.jobs.job_defer`). A job may run more than once; every service called here comes to the
same end the second time. What fails is tried again, later and later, for about a day.
"""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from commonpurse.errors import PurseError
from commonpurse.record.selectors import database_now

STALLED_SECONDS = 15
"""A worker that has not been heard of for so long is dead."""

PATIENT = RetryStrategy(max_attempts=12, exponential_wait=3)
"""Nine seconds, half a minute, a minute and a half … until a day has gone by."""


@app.periodic(cron="* * * * * */10")
@app.task(name="jobs_take_over", queueing_lock="jobs_take_over")
async def jobs_take_over(timestamp: int) -> None:
    """Do anew what a worker was doing when it was killed."""
    del timestamp
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await app.job_manager.retry_job(job)
        except ConnectorException:  # The same is queued already: that one will do.
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)


@app.task(name="enact", retry=PATIENT)
def enact(*, coop_id: str, result_id: str) -> None:
    """Put a passed result into force."""
    from commonpurse.config.enactments import enact as enact_result

    enact_result(coop_id=UUID(coop_id), result_id=UUID(result_id), at=database_now())


@app.task(name="mail_send", retry=PATIENT)
def mail_send(**_args: object) -> None:
    """Send the mails that wait in the outbox."""
    from commonpurse.notices.services import mail_send_due

    mail_send_due(at=database_now())


@app.periodic(cron="* * * * * */5")
@app.task(name="record_sequence", lock="record_sequence", queueing_lock="record_sequence")
def record_sequence(timestamp: int) -> None:
    """Give new leaves their place in the log and sign its head, every five seconds."""
    del timestamp
    from commonpurse.record.keys import signer_load
    from commonpurse.record.sequencer import record_sequence as sequence

    sequence(coop_id=None, at=database_now(), signer=signer_load(settings.PURSE_DATA))


@app.periodic(cron="* * * * *")
@app.task(name="archives_make", lock="archives_make", queueing_lock="archives_make")
def archives_make(timestamp: int) -> None:
    """Make the downloads of the logs that have grown, each at most every ten minutes.

    What keeps one co-op's from being made keeps no other's, and is tried again in a minute.
    """
    del timestamp
    from commonpurse.groups.selectors import coop_list
    from commonpurse.record.archive import archive_make
    from commonpurse.record.keys import signer_load

    signer = signer_load(settings.PURSE_DATA)
    refusals: list[PurseError] = []
    for coop in coop_list():
        try:
            archive_make(
                coop_id=coop.coop_id,
                slug=coop.slug,
                data=settings.PURSE_DATA,
                signer=signer,
                at=database_now(),
            )
        except PurseError as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]


@app.periodic(cron="* * * * * */15")
@app.task(name="decisions_close", lock="decisions_close", queueing_lock="decisions_close")
def decisions_close(timestamp: int) -> None:
    """Close the decisions whose time is over."""
    del timestamp
    from commonpurse.decisions.services import decisions_close_due

    decisions_close_due(at=database_now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="dues_charge", lock="dues_charge", queueing_lock="dues_charge", retry=PATIENT)
def dues_charge(timestamp: int) -> None:
    """Charge the dues of every period that has begun, catching up on what was missed."""
    del timestamp
    from commonpurse.treasury.services import dues_charge_due

    dues_charge_due(at=database_now())


@app.periodic(cron="* * * * *")
@app.task(name="requests_expire", lock="requests_expire", queueing_lock="requests_expire")
def requests_expire(timestamp: int) -> None:
    """End the payment requests whose time is over, then order what is approved and ripe."""
    del timestamp
    from commonpurse.treasury.services import orders_prepare_due, requests_expire_due

    requests_expire_due(at=database_now())
    orders_prepare_due(at=database_now())


@app.periodic(cron="7 * * * *")
@app.task(name="answers_forget", lock="answers_forget", queueing_lock="answers_forget")
def answers_forget(timestamp: int) -> None:
    """Forget what served its time: where forms led, counts, old deliveries and drafts."""
    del timestamp
    from commonpurse.decisions.services import drafts_forget_due
    from commonpurse.notices.services import deliveries_forget_due
    from commonpurse.record.answers import answers_sweep
    from commonpurse.record.limits import counts_sweep

    answers_sweep(at=database_now())
    counts_sweep(at=database_now())
    deliveries_forget_due(at=database_now())
    drafts_forget_due(at=database_now())


@app.periodic(cron="* * * * *")
@app.task(name="holds_expire", lock="holds_expire", queueing_lock="holds_expire")
def holds_expire(timestamp: int) -> None:
    """Release the holds on accounts whose time is over."""
    del timestamp
    from commonpurse.ledger.services import holds_expire_due

    holds_expire_due(at=database_now())


@app.task(name="decision_tell", retry=PATIENT)
def decision_tell(*, decision_id: str, fact: str, at: str) -> None:
    """Tell the electorate what happened to a decision."""
    from commonpurse.decisions.services import decision_tell as tell

    tell(decision_id=UUID(decision_id), fact=fact, at=datetime.fromisoformat(at))


@app.task(name="dues_tell", retry=PATIENT)
def dues_tell(
    *,
    coop_id: str,
    period: str,
    due_on: str,
    instant: str,
    amount_minor: int,
    currency: str,
    at: str,
) -> None:
    """Tell everybody who was charged for a period."""
    from commonpurse.treasury.services import charged_tell

    charged_tell(
        coop_id=UUID(coop_id),
        period=period,
        due_on=date.fromisoformat(due_on),
        instant=datetime.fromisoformat(instant),
        amount_minor=amount_minor,
        currency=currency,
        at=datetime.fromisoformat(at),
    )


@app.task(name="notices_post", retry=PATIENT)
def notices_post(**_args: object) -> None:
    """Write the mails of notices that people want at once."""
    from commonpurse.notices.services import notices_post_due

    notices_post_due(at=database_now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="decisions_remind", lock="decisions_remind", queueing_lock="decisions_remind")
def decisions_remind(timestamp: int) -> None:
    """Remind who has not voted of each vote that closes within a day."""
    del timestamp
    from commonpurse.decisions.services import decisions_closing_tell_due

    decisions_closing_tell_due(at=database_now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="digests_write", lock="digests_write", queueing_lock="digests_write")
def digests_write(timestamp: int) -> None:
    """Write the digests of every co-op in which it is past seven in the morning."""
    del timestamp
    from commonpurse.notices.services import digests_write_due

    digests_write_due(at=database_now())


@app.periodic(cron="* * * * * */5")
@app.task(name="webhooks_send", lock="webhooks_send", queueing_lock="webhooks_send")
def webhooks_send(timestamp: int) -> None:
    """Read the log on for every webhook, and send what is due."""
    del timestamp
    from commonpurse.notices.services import deliveries_send_due, webhooks_collect_due

    webhooks_collect_due(at=database_now())
    deliveries_send_due(at=database_now())
