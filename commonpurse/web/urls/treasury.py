"""Addresses of the money pages, below `/c/<slug>/`."""

from django.urls import path

from commonpurse.web.views.treasury import bank, fund, mandates, months, payees, requests

urlpatterns = [
    path("fund/", fund.fund, name="fund"),
    path("fund/account/", bank.fund_account_page, name="fund_account"),
    path("fund/payments/<int:number>/", fund.payment, name="payment"),
    path("fund/months/", months.months, name="month_list"),
    path("fund/months/<int:year>/<int:number>/", months.month, name="month"),
    path("fund/months/<int:year>/<int:number>/close/", months.close, name="month_close"),
    path(
        "fund/months/<int:year>/<int:number>/<slug:name>.<slug:form>",
        months.month_table,
        name="month_table",
    ),
    path("mandates/", mandates.mandates, name="mandate_list"),
    path("mandates/<int:number>/", mandates.mandate, name="mandate"),
    path("mandates/<int:mandate_number>/request/", requests.request_new, name="request_new"),
    path("requests/", requests.requests, name="request_list"),
    path("requests/<int:number>/", requests.request, name="request"),
    path("requests/<int:number>/approve/", requests.request_approve, name="request_approve"),
    path("requests/<int:number>/refuse/", requests.request_refuse, name="request_refuse"),
    path("requests/<int:number>/withdraw/", requests.request_withdraw, name="request_withdraw"),
    path("requests/<int:number>/edit/", requests.request_edit, name="request_edit"),
    path("payees/", payees.payees, name="payee_list"),
    path("payees/new/", payees.payee_new, name="payee_new"),
    path("payees/<uuid:payee_id>/", payees.payee, name="payee"),
    path("dues/", bank.dues, name="dues"),
    path("orders/", bank.orders, name="order_list"),
    path("orders/files/<uuid:file_id>/", bank.order_download, name="order_download"),
    path("orders/<uuid:order_id>/paid/", bank.order_paid, name="order_paid"),
    path("statements/", bank.statements, name="statement_list"),
    path("statements/lines/<uuid:line_id>/", bank.line_book, name="line_book"),
]
