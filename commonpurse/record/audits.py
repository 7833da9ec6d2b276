"""Who did what, by the audit rows. Private: pages show it to members alone."""

from uuid import UUID

from commonpurse.record.models import AuditRow


def audit_actor(*, coop_id: UUID, subject_id: UUID, service: str) -> UUID | None:
    """The person who did this to this subject, the last time; None for the system, or nobody."""
    rows = AuditRow.objects.filter(coop_id=coop_id, subject_id=subject_id, service=service)
    return rows.order_by("-at", "-id").values_list("actor_id", flat=True).first()
