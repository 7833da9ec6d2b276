"""What happened in the first year of The Shared Bill, month by month."""

from commonpurse.config.demo.people import JOINED_AT_START, MEMBERS
from commonpurse.config.demo.statements import BankMove
from commonpurse.config.demo.year import DAY, HOUR, Year
from commonpurse.treasury.selectors import MandateView, PayeeView, suspense_list
from commonpurse.treasury.services import month_close, payee_account_enter

Promise = tuple[MandateView, PayeeView]

MANUAL = {
    "dues_minor": 1500,
    "dues_day": 5,
    "trustees_seats": 5,
    "approvals_needed": 3,
    "cooling_days": 7,
    "voting_days": 7,
    "is_early_close_allowed": False,
}
BANK = "Example Bank"
TALKPAGE = "NL91ABNA0417164300"
KEYRING = "GB29NWBK60161331926819"
YSOLDE = "FR1420041010050500013M02606"
REGISTRY = "AT611904300234573201"
REGISTRY_NEW = "AT483200000012345864"
BRINE = "BE68539007547034"
BRINE_NEW = "BE71096123456769"
PENSTACK = "ES9121000418450200051332"
TRANSLATOR = "PT50000201231234567890154"
EMRE_FORGOT = (8, 11)
OWING = ("Noor", "Emre", "Ilario", "Wenke")
"""Who has not paid this month yet: those whose pages shall show what owing looks like."""
CLOSED = (0, 1)
"""The months that the treasurer has closed so far."""


def play(year: Year) -> None:
    """Live through the year, in the order of its days."""
    year.found(year.month(0) - 24 * DAY, dict(MANUAL))
    year.join(MEMBERS[6:JOINED_AT_START], year.month(0) - 20 * DAY)
    winter(year)
    spring(year)
    autumn(year, summer(year))
    now(year)


def month_of_dues(year: Year, number: int) -> None:
    """Newcomers, the charge, the payments and the bank's fee of one month."""
    month = year.month(number)
    newcomers = MEMBERS[JOINED_AT_START:][(number - 1) * 2 : number * 2] if number else ()
    year.join(newcomers, month + HOUR)
    year.charge(month + 4 * DAY + 6 * HOUR)
    year.dues_paid(month, late=("Emre",) if number in EMRE_FORGOT else (), debit=4)
    year.moves.append(
        BankMove(
            booked_on=(month + 24 * DAY).date(),
            amount_minor=-350,
            counterparty=BANK,
            remittance="Account fee",
            code=("MDOP", "CHRG"),
        )
    )


def month_closed(year: Year, number: int) -> None:
    """The statement of one month, imported on the second day of the next."""
    last = year.month(number + 1) - DAY
    year.statement(year.month(number).date(), last.date(), last + 2 * DAY + 9 * HOUR)
    if number in CLOSED:
        month_close(
            fund_id=year.fund.id,
            first=year.month(number).date(),
            actor=year.members["Ilario"],
            at=last + 3 * DAY,
        )


def winter(year: Year) -> None:
    """Months 0 to 2: the bill that began it all, a meeting day, and a vote too few cast."""
    month_of_dues(year, 0)
    thread = year.talk(
        "Forty invoices for one tool",
        "Each of us pays Talkpage on their own card. Together it is €420.00 a year, and one bill.",
        "Wenke",
        year.month(0) + 6 * DAY,
        ("Tobin", "I lose an hour each spring over this. Yes."),
        ("Marisol", "And when it goes up in price they will have to talk to all of us."),
        ("Ysolde", "Who signs the payment then? Please not one person alone."),
        ("Halvard", "Three of five trustees, as the manual says. Nobody alone."),
    )
    talkpage = year.payee("Talkpage", TALKPAGE, year.month(0) + 7 * DAY)
    bill = year.ask(
        "Pay the Talkpage bill together for a year?",
        year.month(0) + 8 * DAY,
        by="Wenke",
        details="€420.00 for the year, for all members. Everybody may use it.",
        kind="spend",
        effect={
            "kind": "spend",
            "payee_id": str(talkpage.id),
            "amount_minor": 42_000,
            "purpose": "Discussion software for a year",
        },
        thread_id=thread,
    )
    year.vote(bill, agree=19, abstain=2, disagree=1)
    mandate = year.close(
        bill, "We pay Talkpage together from now on. It began with this.", by="Wenke"
    )
    assert mandate is not None, "the first bill passes"
    month_closed(year, 0)
    month_of_dues(year, 1)
    month_closed(year, 1)
    year.pay(mandate, talkpage, 42_000, "Discussion software", year.month(2) + 3 * DAY)
    month_of_dues(year, 2)
    tuesday = year.ask(
        "Shall we meet on the first Tuesday of each month?",
        year.month(2) + 9 * DAY,
        by="Sunniva",
        details="Half past seven, online, an hour at most.",
    )
    year.vote(tuesday, agree=17, abstain=5, disagree=3)
    year.close(tuesday, "First Tuesday, 19:30. The link stays the same.", by="Sunniva")
    video = year.ask(
        "Try a video tool for a quarter?",
        year.month(2) + 18 * DAY,
        by="Fionn",
        details="We would ask for offers if it passes.",
    )
    year.vote(video, agree=4, disagree=1)
    year.close(video, "Too few of us voted. Fionn asks again when there is an offer.", by="Sunniva")
    month_closed(year, 2)


def spring(year: Year) -> None:
    """Months 3 to 5: seats bought together, a grant, a block, a debit that nobody explained."""
    keyring = year.payee("Keyring", KEYRING, year.month(3) + 2 * DAY)
    month_of_dues(year, 3)
    seats = year.ask(
        "Buy Keyring together for a year?",
        year.month(3) + 6 * DAY,
        by="Tobin",
        details="40 seats at €14.40. Alone each of us pays €36.00.",
        kind="spend",
        effect={
            "kind": "spend",
            "payee_id": str(keyring.id),
            "amount_minor": 57_600,
            "purpose": "Password manager, 40 seats for a year",
        },
    )
    year.vote(seats, agree=20, abstain=3, disagree=4)
    mandate = year.close(seats, "Bought. Seats are given out in the thread.", by="Tobin")
    assert mandate is not None, "the seats pass"
    year.moves.append(
        BankMove(
            booked_on=(year.month(3) + 20 * DAY).date(),
            amount_minor=150_000,
            counterparty="Harbour Commons Foundation",
            remittance="Start-up grant 2026",
        )
    )
    month_closed(year, 3)
    year.assign_grant(year.month(4) + 2 * DAY)
    month_of_dues(year, 4)
    blocked_and_covered(year, mandate, keyring)


def blocked_and_covered(year: Year, mandate: MandateView, keyring: PayeeView) -> None:
    """Months 4 and 5: the seats are paid, a block, a debit in suspense and the vote on it."""
    year.pay(mandate, keyring, 57_600, "40 seats for a year", year.month(4) + 6 * DAY)
    year.moves.append(
        BankMove(
            booked_on=(year.month(4) + 21 * DAY).date(),
            amount_minor=-1_890,
            counterparty="Portside Print",
            remittance="Order 5512",
            code=("ICDT", "ESCT"),
        )
    )
    agency = year.ask(
        "Ask an agency for a new name and a logo?",
        year.month(4) + 12 * DAY,
        by="Vasco" if "Vasco" in year.members else "Fionn",
        details="A first round of ideas, without cost.",
    )
    year.vote(
        agency,
        agree=16,
        disagree=5,
        block="Our name is what we are. I would leave over this, and I am not alone.",
    )
    year.close(agency, "Blocked. The name stays, and so do we.", by="Sunniva")
    month_closed(year, 4)
    month_of_dues(year, 5)
    line = suspense_list(year.fund.id)[0]
    print_bill = year.ask(
        "Cover the €18.90 that Portside Print debited?",
        year.month(5) + 8 * DAY,
        by="Ilario",
        details="The printer charged the flyers of our first meeting to the wrong account.",
        kind="cover",
        effect={
            "kind": "cover",
            "bank_line_id": str(line.id),
            "purpose": "Flyers for the first meeting",
        },
    )
    year.vote(print_bill, agree=21, abstain=4)
    year.close(print_bill, "Covered. The printer now asks us first.", by="Ilario")
    month_closed(year, 5)


def debit_returned(year: Year) -> None:
    """The bank takes a member's debit back: the account had no cover (AM04)."""
    debited = next(move for move in reversed(year.moves) if move.code == ("IDDT", "ESDD"))
    year.moves.append(
        BankMove(
            booked_on=(year.month(7) + 26 * DAY).date(),
            amount_minor=-debited.amount_minor,
            counterparty=debited.counterparty,
            reference=debited.reference,
            return_reason="AM04",
            code=("IDDT", "PRDD"),
        )
    )


def summer(year: Year) -> Promise:
    """Months 6 to 8: a workshop, a changed manual, a payment that came back, a returned debit."""
    ysolde = year.payee("Ysolde", YSOLDE, year.month(6) + DAY, owner="Ysolde")
    month_of_dues(year, 6)
    workshop = year.ask(
        "Pay Ysolde for a workshop on writing our manual?",
        year.month(6) + 6 * DAY,
        by="Marisol",
        details="A day, with preparation: €340.00.",
        kind="spend",
        effect={
            "kind": "spend",
            "payee_id": str(ysolde.id),
            "amount_minor": 34_000,
            "purpose": "Workshop on writing our manual",
        },
    )
    year.vote(workshop, agree=24, abstain=3, disagree=2, without=("Ysolde",))
    mandate = year.close(workshop, "The workshop is on the last Saturday.", by="Marisol")
    assert mandate is not None, "the workshop passes"
    year.pay(mandate, ysolde, 34_000, "Workshop", year.month(6) + 20 * DAY)
    month_closed(year, 6)
    month_of_dues(year, 7)
    amendment = year.ask(
        "Let at least a third of us vote before anything passes?",
        year.month(7) + 6 * DAY,
        by="Sunniva",
        details="A quarter was right for the first months. We are more now.",
        kind="amendment",
        effect={"kind": "amend", "parameters": {"quorum": "1/3"}, "clauses": []},
    )
    year.vote(amendment, agree=27, abstain=2, disagree=1)
    year.close(amendment, "Version 2 of the manual: a third of us must vote.", by="Sunniva")
    debit_returned(year)
    month_closed(year, 7)
    return registration(year)


def registration(year: Year) -> Promise:
    """Month 8: a payment to the registry, which had closed its account: the money comes back."""
    month_of_dues(year, 8)
    registry = year.payee("Registry of Co-operatives", REGISTRY, year.month(8) + DAY)
    register = year.ask(
        "Register as a co-operative?",
        year.month(8) + 5 * DAY,
        by="Halvard",
        details="€185.00 for registration and statutes.",
        kind="spend",
        effect={
            "kind": "spend",
            "payee_id": str(registry.id),
            "amount_minor": 18_500,
            "purpose": "Registration and statutes",
        },
    )
    year.vote(register, agree=25, abstain=4, disagree=2)
    mandate = year.close(register, "We register. Halvard brings the papers.", by="Halvard")
    assert mandate is not None, "the registration passes"
    sent = year.pay(mandate, registry, 18_500, "Registration", year.month(8) + 14 * DAY)
    year.moves.append(
        BankMove(
            booked_on=(year.month(9) + 2 * DAY).date(),
            amount_minor=18_500,
            counterparty=sent.counterparty,
            end_to_end_id=sent.end_to_end_id,
            remittance=sent.remittance,
            return_reason="AC04",
            code=("ICDT", "RRTN"),
        )
    )
    month_closed(year, 8)
    return mandate, registry


def autumn(year: Year, registration: Promise) -> None:
    """Months 9 to 11: dues, bills, a second try at a payment, and what is promised now."""
    month_of_dues(year, 9)
    guide = translation(year)
    month_closed(year, 9)
    month_of_dues(year, 10)
    registration_again(year, registration)
    archive(year)
    month_closed(year, 10)
    month_of_dues(year, 11)
    files = backup(year)
    month_closed(year, 11)
    requests_of_these_days(year, guide, files)


def registration_again(year: Year, registration: Promise) -> None:
    """The registry had closed its account; the new one cools for a week and is paid then."""
    mandate, registry = registration
    payee_account_enter(
        payee_id=registry.id,
        iban=REGISTRY_NEW,
        holder="Registry of Co-operatives",
        actor=year.members["Ilario"],
        at=year.month(10) + 2 * DAY,
    )
    at = year.month(10) + 10 * DAY
    request = year.request(mandate, registry, 18_500, "Registration, new account", at)
    year.finish(request, "Registry of Co-operatives", REGISTRY_NEW, at)


def requests_of_these_days(year: Year, guide: Promise, files: Promise) -> None:
    """Two payments that wait: one for a last approval, one for a new account to cool."""
    mandate, payee = guide
    first_half = year.request(mandate, payee, 12_500, "First half of the guide", year.now - 3 * DAY)
    year.approve(first_half, year.now - 2 * DAY, "Halvard", "Marisol")
    mandate, payee = files
    payee_account_enter(
        payee_id=payee.id,
        iban=BRINE_NEW,
        holder="Brine Backup",
        actor=year.members["Ilario"],
        at=year.now - 5 * DAY,
    )
    backups = year.request(mandate, payee, 7_160, "Backups, first quarter", year.now - 2 * DAY)
    year.approve(backups, year.now - 2 * DAY + HOUR, "Tobin")


def translation(year: Year) -> Promise:
    """A guide is translated; half of it is asked for at the end of the story."""
    payee = year.payee("Linde Translations", TRANSLATOR, year.month(9) + 17 * DAY)
    decision = year.ask(
        "Have the members’ guide translated?",
        year.month(9) + 18 * DAY,
        by="Noor",
        details="€250.00 for the whole guide.",
        kind="spend",
        effect={
            "kind": "spend",
            "payee_id": str(payee.id),
            "amount_minor": 25_000,
            "purpose": "Translation of the guide",
        },
    )
    year.vote(decision, agree=26, abstain=5, disagree=3)
    mandate = year.close(decision, "Linde begins next week.", by="Noor")
    assert mandate is not None, "the translation passes"
    return mandate, payee


def archive(year: Year) -> None:
    """Promised, and not asked for yet."""
    payee = year.payee("Penstack", PENSTACK, year.month(10) + 4 * DAY)
    decision = year.ask(
        "Keep our archive with Penstack?",
        year.month(10) + 5 * DAY,
        by="Gudrun",
        details="€640.00 for two years.",
        kind="spend",
        effect={
            "kind": "spend",
            "payee_id": str(payee.id),
            "amount_minor": 64_000,
            "purpose": "Archive for two years",
        },
    )
    year.vote(decision, agree=27, abstain=4, disagree=5)
    year.close(decision, "Passed. Gudrun asks for the invoice.", by="Gudrun")


def backup(year: Year) -> Promise:
    """A supplier whose bank details changed while its payment waits."""
    payee = year.payee("Brine Backup", BRINE, year.month(11) + 2 * DAY)
    decision = year.ask(
        "Back up our files with Brine Backup?",
        year.month(11) + 3 * DAY,
        by="Tobin",
        details="€71.60 for the first quarter, for forty members.",
        kind="spend",
        effect={
            "kind": "spend",
            "payee_id": str(payee.id),
            "amount_minor": 7_160,
            "purpose": "Backups for forty members",
        },
    )
    year.vote(decision, agree=29, abstain=2, disagree=1)
    mandate = year.close(decision, "Tobin sets it up.", by="Tobin")
    assert mandate is not None, "the backup passes"
    return mandate, payee


def month_so_far(year: Year) -> None:
    """The month that is not over: most have paid by the newest statement, a few are behind."""
    month = year.month(12)
    year.charge(month + 4 * DAY + 6 * HOUR)
    year.dues_paid(month, late=OWING, debit=4)
    year.statement(month.date(), (year.now - 2 * DAY).date(), year.now - DAY)


def now(year: Year) -> None:
    """The present: a thread with life in it and a vote that waits."""
    at = max(year.month(12) + HOUR, year.now - 4 * DAY)
    month_so_far(year)
    thread = year.talk(
        "Is it time to look at our mail provider?",
        "Hearth Mail is small and ours to talk to. The big one costs each of us €6.00 a month.",
        "Noor",
        at,
        ("Casimir", "I moved last year. Two evenings, and never looked back."),
        ("Dagny", "What happens to addresses when somebody leaves us?"),
        ("Noor", "They keep them: the address is theirs, the bill was ours."),
    )
    decision = year.ask(
        "Ask Hearth Mail for an offer for forty?",
        year.now - 2 * DAY,
        by="Noor",
        details="An offer binds nobody. We vote again on the price.",
        thread_id=thread,
        days=4,
    )
    year.ballot(decision, "Kwame", "abstain", "I am not on their servers.", year.now - 30 * HOUR)
    for step, name in enumerate(("Casimir", "Dagny", "Tobin", "Imke", "Petra")):
        year.ballot(decision, name, "agree", "", year.now - (40 - 3 * step) * HOUR)
