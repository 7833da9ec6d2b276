"""What people do with the co-op's money: one verb each. The shell imports from here."""

from commonpurse.treasury.services.approvals import (
    order_prepare,
    orders_prepare_due,
    payload_changed,
    payment_approve,
)
from commonpurse.treasury.services.bank import statement_import
from commonpurse.treasury.services.bank_review import (
    bank_texts_erase,
    line_assign,
    lines_match,
    suspense_cover,
)
from commonpurse.treasury.services.dues import (
    dues_charge,
    dues_charge_due,
    dues_plan_adopt,
    reference_ensure,
)
from commonpurse.treasury.services.funds import (
    fund_account_enter,
    fund_open,
    sponsor_add,
    trustee_set_adopt,
)
from commonpurse.treasury.services.mandates import (
    mandate_enact,
    mandate_standing_take,
    mandates_standing_enact,
)
from commonpurse.treasury.services.months import month_close
from commonpurse.treasury.services.orders import order_fail, order_send_by_hand, orders_export
from commonpurse.treasury.services.payees import payee_account_enter, payee_add, payee_erase
from commonpurse.treasury.services.requests import (
    payment_edit,
    payment_refuse,
    payment_request,
    payment_withdraw,
    request_expire,
    requests_expire_due,
)
from commonpurse.treasury.services.settlements import order_settle, payment_reverse
from commonpurse.treasury.services.sponsors import sponsor_staff_appoint, sponsor_staff_end
from commonpurse.treasury.services.telling import charged_tell

__all__ = [
    "bank_texts_erase",
    "charged_tell",
    "dues_charge",
    "dues_charge_due",
    "dues_plan_adopt",
    "fund_account_enter",
    "fund_open",
    "line_assign",
    "lines_match",
    "mandate_enact",
    "mandate_standing_take",
    "mandates_standing_enact",
    "month_close",
    "order_fail",
    "order_prepare",
    "order_send_by_hand",
    "order_settle",
    "orders_export",
    "orders_prepare_due",
    "payee_account_enter",
    "payee_add",
    "payee_erase",
    "payload_changed",
    "payment_approve",
    "payment_edit",
    "payment_refuse",
    "payment_request",
    "payment_reverse",
    "payment_withdraw",
    "reference_ensure",
    "request_expire",
    "requests_expire_due",
    "sponsor_add",
    "sponsor_staff_appoint",
    "sponsor_staff_end",
    "statement_import",
    "suspense_cover",
    "trustee_set_adopt",
]
