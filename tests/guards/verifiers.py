"""Guards of the two verifiers: a check, and the lie that goes unfound without it."""

from dataclasses import dataclass

from tests.guards.guard import Guard

CHAIN = "tests/proof/test_chain.py::test_each_lie_is_found_even_when_it_is_signed"
ENDS = "tests/proof/test_ends.py::test_each_lie_about_an_end_is_found_even_when_it_is_signed"
MONEY = "tests/proof/test_lies_money.py::test_each_lie_about_money_is_found_by_both"
BACK = "tests/proof/test_lies_money.py::test_each_lie_about_what_came_in_and_back_is_found_by_both"
WHO = "tests/proof/test_lies_people.py::test_each_lie_about_who_may_is_found_by_both"
WHO_ENDED = "tests/proof/test_lies_people.py::test_each_lie_about_who_ended_what_is_found_by_both"
REWRITE = (
    "tests/proof/test_lies_alone.py"
    "::test_a_lie_that_one_check_of_the_rewrite_finds_is_found_by_both"
)
REWRITE_BACK = (
    "tests/proof/test_lies_alone.py"
    "::test_a_lie_about_what_came_in_that_one_check_finds_is_found_by_both"
)
CHECK = "tests/proof/test_checks.py::test_a_lie_that_one_check_alone_would_find_is_found_by_both"
FORGERY = (
    "tests/proof/test_forgeries.py::test_a_forgery_that_one_check_alone_would_find_is_found_by_both"
)


@dataclass(frozen=True, slots=True)
class Verifier:
    """One of the two, and where its checks stand."""

    name: str
    folder: str

    def chain(self, lie: str, file: str, find: str, replace: str) -> Guard:
        """A check of the chain of authority."""
        return self.guard(CHAIN, lie, file, find, replace)

    def check(self, lie: str, file: str, find: str, replace: str) -> Guard:
        """A check with a lie of its own."""
        return self.guard(CHECK, lie, file, find, replace)

    def forgery(self, lie: str, file: str, find: str, replace: str) -> Guard:
        """A check of files, log or books."""
        return self.guard(FORGERY, lie, file, find, replace)

    def guard(self, test: str, lie: str, file: str, find: str, replace: str) -> Guard:
        """A check, and the lie that the test tells."""
        return Guard(
            f"{self.name}: {lie}", f"{self.folder}{file}", find, replace, (f"{test}[{lie}]",)
        )


PURSE = Verifier("verify", "commonpurse/proof/")
ALONE = Verifier("verify.py", "commonpurse/proof/standalone/")
