"""Small CAMT.053 files for tests, written by hand so that each can be wrong in one place."""

from xml.sax.saxutils import escape

IBAN = "DE89370400440532013000"
PAYER = "NL91ABNA0417164300"


def entry(
    amount: str = "12.50",
    *,
    way: str = "CRDT",
    day: str = "2026-03-02",
    status: str = "<Sts>BOOK</Sts>",
    details: str = "",
    currency: str = "EUR",
    extra: str = "",
) -> str:
    """One Ntry element."""
    inside = f"<NtryDtls>{details}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>{day}</Dt></BookgDt>{extra}{inside}</Ntry>"
    )


def detail(
    *,
    name: str = "Cy Member",
    iban: str = PAYER,
    text: str = "",
    reference: str = "",
    reason: str = "",
    amount: str = "",
    end_to_end_id: str = "",
    role: str = "Dbtr",
    currency: str = "EUR",
    is_new: bool = False,
) -> str:
    """One TxDtls element, in the nesting of version 02 or (`is_new`) of version 08."""
    party = f"<Nm>{escape(name)}</Nm>"
    if is_new:
        party = f"<Pty>{party}</Pty>"
    money = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    if amount and not is_new:
        money = f"<AmtDtls><TxAmt>{money}</TxAmt></AmtDtls>"
    structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"
    remittance = (f"<Ustrd>{escape(text)}</Ustrd>" if text else "") + (
        structured if reference else ""
    )
    returned = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    refs = f"<Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>" if end_to_end_id else ""
    return (
        f"<TxDtls>{refs}{money}<RltdPties><{role}>{party}</{role}>"
        f"<{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct></RltdPties>"
        f"<RmtInf>{remittance}</RmtInf>{returned}</TxDtls>"
    )


def balance(kind: str, amount: str, *, day: str = "2026-03-01", currency: str = "EUR") -> str:
    """One Bal element; a minus in front of the amount makes it a debit."""
    way = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{way}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def statement(
    *entries: str,
    opening: str | None = "100.00",
    closing: str | None = "112.50",
    iban: str = IBAN,
    ref: str = "S-1",
    balances: str | None = None,
    currency: str = "EUR",
) -> str:
    """One Stmt element; `balances` in place of the ordinary two where a test wants others."""
    if balances is None:
        balances = balance("OPBD", opening, currency=currency) if opening is not None else ""
        if closing is not None:
            balances += balance("CLBD", closing, day="2026-03-31", currency=currency)
    return (
        f"<Stmt><Id>{ref}</Id><CreDtTm>2026-03-31T20:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>{balances}"
        f"{''.join(entries)}</Stmt>"
    )


def camt(*statements: str, version: str = "02", message: str = "camt.053.001") -> bytes:
    """A whole file."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}.{version}"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-31T20:00:00</CreDtTm></GrpHdr>"
        f"{''.join(statements)}</BkToCstmrStmt></Document>"
    ).encode()
