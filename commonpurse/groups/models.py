"""People, co-ops, their groups, who belongs to them and what each may do there.

A membership is an interval: it begins with a `Membership` row and ends with a `Departure` row that
points to it. A role likewise begins with a `RoleGrant` and ends with a `RoleEnd`. Nothing here is
edited. Names and addresses live in `Person` alone, which can be emptied when someone asks for it.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from commonpurse.record.ids import random_id
from commonpurse.record.models import AuditedModel, CoopModel

NAME_MAX = 80
SLUG_MAX = 40
LANGUAGE_MAX = 10
FORMER_MEMBER = "Former member"


class Kind(models.TextChoices):
    """A person is a human or an organisation."""

    HUMAN = "human", "human"
    ORGANISATION = "organisation", "organisation"


class PersonManager(BaseUserManager["Person"]):
    """Finds a person by the address they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this address, however its letters are cased."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """A human or an organisation with an account: the only place of a name and an address.

    A reference table: a person may belong to several co-ops. There is no password; one signs in by
    a code sent to the address. `session_stamp` is in every signed-in session, so changing it ends
    them all. `language` is what mails and pages speak to them; none: what their browser asks for.
    """

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    password = None  # type: ignore[assignment]
    email = models.EmailField(max_length=254, null=True, blank=True, unique=True)
    name = models.CharField(max_length=NAME_MAX, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.HUMAN)
    language = models.CharField(max_length=LANGUAGE_MAX, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    session_stamp = models.UUIDField(default=random_id, editable=False)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(email__isnull=True) | Q(email=Lower("email")),
                name="person_email_lower",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(email__isnull=True, name="", is_active=False, is_staff=False),
                name="person_erased_is_empty",
            ),
        )

    def __str__(self) -> str:
        return self.name or FORMER_MEMBER

    def get_full_name(self) -> str:
        """The name to show, also for somebody whose account was erased."""
        return self.name or FORMER_MEMBER

    def has_usable_password(self) -> bool:
        """Nobody has a password here."""
        return False

    def set_password(self, raw_password: str | None) -> None:
        """Nobody has a password here: nothing is kept."""

    def set_unusable_password(self) -> None:
        """Nobody has a password here: nothing to do."""

    def check_password(self, raw_password: str | None) -> bool:  # noqa: ARG002
        """Nobody has a password here: none is right."""
        return False

    def get_session_auth_hash(self) -> str:
        """What a session must hold to be this person's: changes with `session_stamp`."""
        return salted_hmac(
            "commonpurse.groups.session", str(self.session_stamp), algorithm="sha256"
        ).hexdigest()


class PersonSession(AbstractBaseSession):
    """A visit in a browser, with the person who signed in, so that theirs can be ended.

    `browser` and `place` are coarse on purpose: enough to know one's own visits by, no more.
    """

    person_id = models.UUIDField(null=True, db_index=True)
    browser = models.CharField(max_length=60, default="")
    place = models.CharField(max_length=60, default="")
    signed_in_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that writes rows of this table."""
        from commonpurse.groups.sessions import SessionStore

        return SessionStore


class ApiToken(models.Model):
    """A person's key for a program that acts for them, in any of their co-ops.

    A reference table, as the person is. The token itself is shown once and kept as a hash.
    """

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    name = models.CharField(max_length=NAME_MAX)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class CoopAddress(models.Model):
    """Which co-op lives under a slug. A reference table: it makes slugs unique over all co-ops."""

    append_only = True

    slug = models.SlugField(primary_key=True, max_length=SLUG_MAX)
    coop_id = models.UUIDField(db_index=True)


class Coop(AuditedModel):
    """A top-level community with members, a fund and an operating manual; the root of a tenant.

    Its row has an id of its own, because a leaf has the id of its row and the root group has the
    co-op's. What others call the co-op's id is `coop_id`.
    """

    leaf_kind = "coop.founded"
    table = "coops"

    slug = models.SlugField(max_length=SLUG_MAX, db_index=False)
    name = models.CharField(max_length=NAME_MAX)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=60)
    template = models.CharField(max_length=40)

    class Meta(AuditedModel.Meta):
        constraints = (models.UniqueConstraint(fields=["coop_id"], name="coop_founded_once"),)


class Visibility(models.TextChoices):
    """Who may know of a group: anyone / anyone, but not what is said in it / its members."""

    OPEN = "open", "open"
    CLOSED = "closed", "closed"
    SECRET = "secret", "secret"


class Group(AuditedModel):
    """The co-op itself (`parent` is null and the id is the co-op's) or a sub-group of it.

    A secret group's name is not in the public record, only its commitment `name_mac`; the name
    itself stands in `GroupName`.
    """

    leaf_kind = "group.made"
    table = "groups"

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=NAME_MAX)
    name_mac = models.CharField(max_length=64, null=True)
    slug = models.SlugField(max_length=SLUG_MAX, db_index=False)
    visibility = models.CharField(max_length=6, choices=Visibility.choices)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "slug"], name="group_slug_once"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, id=models.F("coop_id"))
                | Q(parent__isnull=False) & ~Q(id=models.F("coop_id")),
                name="group_root_is_coop",
            ),
            models.CheckConstraint(
                condition=Q(name_mac__isnull=True)
                | Q(visibility=Visibility.SECRET, parent__isnull=False, name=""),
                name="group_name_hidden",
            ),
        )


class GroupName(CoopModel):
    """The name of a secret sub-group, under the group's id: not in the public record."""

    name = models.CharField(max_length=NAME_MAX)


class Membership(AuditedModel):
    """The beginning of one person's standing in one group.

    `member_id` is the person's public id within the co-op: random, and the same again when they
    come back. In a secret group it is one of its own, so the record does not tell who is in it.
    """

    leaf_kind = "member.joined"
    table = "memberships"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    member_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta(AuditedModel.Meta):
        indexes = (
            models.Index(fields=["coop_id", "group", "at"], name="membership_by_group"),
            models.Index(fields=["member_id", "coop_id"], name="membership_by_member"),
        )


class Departure(AuditedModel):
    """The end of a membership."""

    class Reason(models.TextChoices):
        LEFT = "left", "left"
        REMOVED = "removed", "removed"
        ERASED = "erased", "erased"

    leaf_kind = "member.left"
    table = "departures"

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, db_index=False)
    reason = models.CharField(max_length=8, choices=Reason.choices)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "membership"], name="departure_once"),
        )


class Role(models.TextChoices):
    """What a member may do beyond taking part. Trustees are made by decision, in the treasury."""

    FACILITATOR = "facilitator", "facilitator"
    COORDINATOR = "coordinator", "coordinator"
    TREASURER = "treasurer", "treasurer"
    AUDITOR = "auditor", "auditor"


class RoleGrant(AuditedModel):
    """The beginning of a role, given by a coordinator or by the decision that is named."""

    leaf_kind = "role.granted"
    table = "role_grants"

    member_id = models.UUIDField()
    role = models.CharField(max_length=12, choices=Role.choices)
    granted_by_decision = models.UUIDField(null=True)

    class Meta(AuditedModel.Meta):
        indexes = (models.Index(fields=["coop_id", "member_id"], name="role_by_member"),)
        constraints = (
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_never_trustee"),
        )


class RoleEnd(AuditedModel):
    """The end of a role."""

    leaf_kind = "role.ended"
    table = "role_ends"

    grant = models.ForeignKey(RoleGrant, on_delete=models.PROTECT, db_index=False)

    class Meta(AuditedModel.Meta):
        constraints = (models.UniqueConstraint(fields=["coop_id", "grant"], name="role_end_once"),)


class Invitation(CoopModel):
    """A way in: for one address, or (with no address) for the first `uses_max` who follow it.

    Only the SHA-256 of the token is kept, so reading the table opens no door.
    """

    email = models.EmailField(max_length=254, null=True)
    token_hash = models.CharField(max_length=64, db_index=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses_max = models.PositiveIntegerField(default=1)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "token_hash"], name="invitation_token_once"),
            models.CheckConstraint(
                condition=Q(email__isnull=True) | Q(uses_max=1), name="invitation_one_address"
            ),
        )


class InvitationUse(CoopModel):
    """Who came in by which invitation."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="uses")
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "invitation", "person"], name="invitation_use_once"
            ),
        )


def person_of_session(data: dict[str, Any]) -> UUID | None:
    """The person who signed in, from a session's data."""
    found = data.get("_auth_user_id")
    return UUID(str(found)) if found else None
