"""`purse sponsor`: the operator says who acts for an organisation that holds co-ops' funds.

The first of its people is appointed here; they appoint and end their colleagues on its console.
"""

import argparse
import sys
from uuid import UUID


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verb `sponsor` lists, appoints and ends."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="sponsors, and the addresses of who acts for each")
    appoint = actions.add_parser("appoint", help="let a person act for a sponsor")
    appoint.add_argument("sponsor", metavar="SPONSOR", help="its name, as `list` shows it")
    appoint.add_argument("email", metavar="EMAIL", help="the address that they sign in with")
    appoint.add_argument("name", metavar="NAME", help="their name, where they have no account yet")
    end = actions.add_parser("end", help="let a person act for a sponsor no more")
    end.add_argument("sponsor", metavar="SPONSOR", help="its name, as `list` shows it")
    end.add_argument("email", metavar="EMAIL", help="the address that they sign in with")


def run(arguments: argparse.Namespace) -> int:
    """List, appoint or end. Raises NotFound for a sponsor or a person that is not there."""
    from commonpurse.errors import NotFound
    from commonpurse.record.selectors import database_now
    from commonpurse.record.services import SYSTEM
    from commonpurse.treasury.selectors import sponsor_list, sponsor_staff_list
    from commonpurse.treasury.services import sponsor_staff_appoint, sponsor_staff_end

    if arguments.action == "list":
        for each in sponsor_list():
            people = ", ".join(one.email for one in sponsor_staff_list(each.id)) or "nobody"
            sys.stdout.write(f"{each.name}: {people}\n")
        return 0
    sponsor_id: UUID | None = None
    for each in sponsor_list():
        if each.name == arguments.sponsor:
            sponsor_id = each.id
    if sponsor_id is None:
        raise NotFound("no_sponsor", "There is no such sponsor. See: purse sponsor list")
    at = database_now()
    address = arguments.email.strip().lower()
    if arguments.action == "appoint":
        sponsor_staff_appoint(
            sponsor_id=sponsor_id, email=address, name=arguments.name, actor=SYSTEM, at=at
        )
        sys.stdout.write(f"{address} acts for {arguments.sponsor}.\n")
        return 0
    for one in sponsor_staff_list(sponsor_id):
        if one.email == address:
            sponsor_staff_end(sponsor_id=sponsor_id, staff_id=one.staff_id, actor=SYSTEM, at=at)
            sys.stdout.write(f"{address} acts for {arguments.sponsor} no more.\n")
            return 0
    raise NotFound("no_staff", "Nobody with this address acts for it.")
