"""The demo's bank: statements in CAMT.053, as the sponsor's bank would send them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True, slots=True)
class BankMove:
    """One line of a statement: signed minor units, and what the bank says about it.

    `code` is the family and sub-family of the ISO 20022 bank transaction code.
    """

    booked_on: date
    amount_minor: int
    counterparty: str
    iban: str = ""
    reference: str = ""
    remittance: str = ""
    end_to_end_id: str = ""
    return_reason: str = ""
    code: tuple[str, str] = ("RCDT", "ESCT")


def amount_text(minor: int) -> str:
    """The unsigned amount as a bank writes it: 1234 is 12.34."""
    return f"{abs(minor) // 100}.{abs(minor) % 100:02d}"


def sign(minor: int) -> str:
    """Whether money came or went, in the bank's word."""
    return "CRDT" if minor >= 0 else "DBIT"


def balance_xml(code: str, minor: int, on: date) -> str:
    """One balance of a statement."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount_text(minor)}</Amt><CdtDbtInd>{sign(minor)}</CdtDbtInd>'
        f"<Dt><Dt>{on.isoformat()}</Dt></Dt></Bal>"
    )


def move_xml(move: BankMove, bank_reference: str) -> str:
    """One booked entry with its one transaction."""
    role = "Dbtr" if move.amount_minor >= 0 else "Cdtr"
    references = ""
    if move.end_to_end_id:
        references = f"<Refs><EndToEndId>{escape(move.end_to_end_id)}</EndToEndId></Refs>"
    account = ""
    if move.iban:
        account = f"<{role}Acct><Id><IBAN>{move.iban}</IBAN></Id></{role}Acct>"
    remittance = ""
    if move.reference:
        remittance = (
            "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
            f"<Ref>{move.reference}</Ref></CdtrRefInf></Strd></RmtInf>"
        )
    elif move.remittance:
        remittance = f"<RmtInf><Ustrd>{escape(move.remittance)}</Ustrd></RmtInf>"
    returned = ""
    if move.return_reason:
        returned = f"<RtrInf><Rsn><Cd>{move.return_reason}</Cd></Rsn></RtrInf>"
    family, sub_family = move.code
    code = (
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd>"
        f"<SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd>"
    )
    amount = f'<Amt Ccy="EUR">{amount_text(move.amount_minor)}</Amt>'
    direction = f"<CdtDbtInd>{sign(move.amount_minor)}</CdtDbtInd>"
    day = f"<Dt>{move.booked_on.isoformat()}</Dt>"
    return (
        f"<Ntry>{amount}{direction}<Sts><Cd>BOOK</Cd></Sts><BookgDt>{day}</BookgDt>"
        f"<ValDt>{day}</ValDt><AcctSvcrRef>{bank_reference}</AcctSvcrRef>{code}"
        f"<NtryDtls><TxDtls>{references}{amount}{direction}<RltdPties><{role}><Pty>"
        f"<Nm>{escape(move.counterparty)}</Nm></Pty></{role}>{account}</RltdPties>"
        f"{remittance}{returned}</TxDtls></NtryDtls></Ntry>"
    )


def statement_xml(
    *,
    number: int,
    iban: str,
    from_on: date,
    until_on: date,
    opening_minor: int,
    moves: Sequence[BankMove],
) -> bytes:
    """A whole statement; its closing balance is the opening one and every move."""
    closing = opening_minor + sum(move.amount_minor for move in moves)
    entries = "".join(
        move_xml(move, f"B{number:04d}-{place:04d}") for place, move in enumerate(moves, 1)
    )
    made = f"{until_on.isoformat()}T18:00:00Z"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>SB-{number:04d}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>SB-{number:04d}-1</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
        f"<CreDtTm>{made}</CreDtTm><FrToDt><FrDtTm>{from_on.isoformat()}T00:00:00Z</FrDtTm>"
        f"<ToDtTm>{until_on.isoformat()}T23:59:59Z</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balance_xml('OPBD', opening_minor, from_on)}{balance_xml('CLBD', closing, until_on)}"
        f"{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
