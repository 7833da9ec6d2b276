"""The guards: each names the lines that refuse something, and the tests that prove they do."""

from tests.guards.guard import Guard
from tests.guards.registry_books import BOOKS
from tests.guards.registry_coop import COOP
from tests.guards.registry_notices import NOTICES
from tests.guards.registry_payments import PAYMENTS
from tests.guards.registry_votes import VOTES

GUARDS: tuple[Guard, ...] = (*BOOKS, *COOP, *VOTES, *PAYMENTS, *NOTICES)
