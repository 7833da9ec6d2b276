"""The guards: each names the lines that refuse something, and the tests that prove they do."""

from tests.guards.guard import Guard
from tests.guards.registry_api import API
from tests.guards.registry_bank import BANK
from tests.guards.registry_books import BOOKS
from tests.guards.registry_console import CONSOLES
from tests.guards.registry_coop import COOP
from tests.guards.registry_formats import FORMATS
from tests.guards.registry_founding import FOUNDING
from tests.guards.registry_ledger import LEDGER
from tests.guards.registry_notices import NOTICES
from tests.guards.registry_pages import PAGES
from tests.guards.registry_payments import PAYMENTS
from tests.guards.registry_proof import PROOF
from tests.guards.registry_proof_lies import PROOF_LIES
from tests.guards.registry_proof_money import PROOF_MONEY
from tests.guards.registry_proof_people import PROOF_PEOPLE
from tests.guards.registry_signin import SIGNIN
from tests.guards.registry_standalone import STANDALONE
from tests.guards.registry_standalone_chain import STANDALONE_CHAIN
from tests.guards.registry_standalone_lies import STANDALONE_LIES
from tests.guards.registry_standalone_people import STANDALONE_PEOPLE
from tests.guards.registry_tally import TALLY
from tests.guards.registry_votes import VOTES
from tests.guards.registry_work import WORK

GUARDS: tuple[Guard, ...] = (
    *(*BOOKS, *LEDGER, *FORMATS, *BANK, *COOP, *VOTES, *PAYMENTS, *WORK, *PAGES, *SIGNIN, *NOTICES),
    *CONSOLES,
    *FOUNDING,
    *API,
    *TALLY,
    *(*PROOF, *PROOF_MONEY, *STANDALONE, *STANDALONE_CHAIN),
    *(*PROOF_LIES, *PROOF_PEOPLE, *STANDALONE_LIES, *STANDALONE_PEOPLE),
)
