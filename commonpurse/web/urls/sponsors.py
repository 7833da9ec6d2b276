"""A sponsor's console: the funds that it holds, across co-ops."""

from django.urls import URLPattern, path

from commonpurse.web.views import sponsors

urlpatterns: list[URLPattern] = [
    path("sponsors/<uuid:sponsor_id>/", sponsors.console, name="sponsor"),
    path(
        "sponsors/<uuid:sponsor_id>/funds.<slug:form>", sponsors.funds_table, name="sponsor_table"
    ),
    path("sponsors/<uuid:sponsor_id>/people/", sponsors.staff, name="sponsor_staff"),
    path(
        "sponsors/<uuid:sponsor_id>/people/<uuid:staff_id>/end/",
        sponsors.staff_end,
        name="sponsor_staff_end",
    ),
    path("sponsors/<uuid:sponsor_id>/funds/<uuid:fund_id>/", sponsors.fund, name="sponsor_fund"),
    path(
        "sponsors/<uuid:sponsor_id>/funds/<uuid:fund_id>/orders.<slug:form>",
        sponsors.orders_table,
        name="sponsor_orders",
    ),
    path(
        "sponsors/<uuid:sponsor_id>/funds/<uuid:fund_id>/files/<uuid:file_id>/",
        sponsors.file_download,
        name="sponsor_file",
    ),
    path(
        "sponsors/<uuid:sponsor_id>/funds/<uuid:fund_id>/orders/<uuid:order_id>/",
        sponsors.order_done,
        name="sponsor_order",
    ),
    path(
        "sponsors/<uuid:sponsor_id>/funds/<uuid:fund_id>/orders/<uuid:order_id>/refused/",
        sponsors.order_refused,
        name="sponsor_order_refused",
    ),
]
