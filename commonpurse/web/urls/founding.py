"""Founding: the wizard, the draft that founders share, and the way into it."""

from django.urls import URLPattern, path

from commonpurse.web.views.founding import drafting, people, steps

urlpatterns: list[URLPattern] = [
    path("found/", steps.found, name="found"),
    path("found/address/", steps.slug_look, name="found_address"),
    path("found/join/<str:token>/", people.draft_join_page, name="draft_join"),
    path("found/<uuid:draft_id>/", drafting.draft_page, name="draft"),
    path("found/<uuid:draft_id>/step/<slug:step>/", steps.draft_step, name="draft_step"),
    path("found/<uuid:draft_id>/numbers/", steps.draft_numbers, name="draft_numbers"),
    path("found/<uuid:draft_id>/history/", drafting.draft_changes, name="draft_history"),
    path("found/<uuid:draft_id>/clauses/<slug:key>/", drafting.draft_clause, name="draft_clause"),
    path(
        "found/<uuid:draft_id>/clauses/<slug:key>/edit/",
        drafting.draft_clause_edit,
        name="draft_clause_edit",
    ),
    path(
        "found/<uuid:draft_id>/clauses/<slug:key>/drop/",
        drafting.draft_clause_drop,
        name="draft_clause_drop",
    ),
    path(
        "found/<uuid:draft_id>/suggestions/<uuid:suggestion_id>/",
        drafting.draft_suggestion,
        name="draft_suggestion",
    ),
    path(
        "found/<uuid:draft_id>/suggestions/<uuid:suggestion_id>/<slug:deed>/",
        drafting.draft_suggestion_settle,
        name="draft_suggestion_settle",
    ),
    path("found/<uuid:draft_id>/invite/", people.draft_invite_page, name="draft_invite"),
    path(
        "found/<uuid:draft_id>/invite/<uuid:invitation_id>/revoke/",
        people.draft_invitation_take_back,
        name="draft_invitation_revoke",
    ),
    path(
        "found/<uuid:draft_id>/founders/<uuid:founder_id>/remove/",
        people.draft_founder_drop,
        name="draft_founder_remove",
    ),
    path("found/<uuid:draft_id>/again/", people.draft_once_more, name="draft_again"),
    path("found/<uuid:draft_id>/leave/", people.draft_leave_page, name="draft_leave"),
    path("found/<uuid:draft_id>/discard/", people.draft_discard_page, name="draft_discard"),
]
