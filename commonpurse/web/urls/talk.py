"""Threads and decisions: what is said, what is asked, what came of it."""

from django.urls import URLPattern, path

from commonpurse.web.views import ballots, decisions, proposing, threads

urlpatterns: list[URLPattern] = [
    path("c/<slug:slug>/threads/", threads.threads, name="thread_list"),
    path("c/<slug:slug>/threads/new/", threads.thread_new, name="thread_new"),
    path("c/<slug:slug>/threads/<uuid:thread_id>/", threads.thread, name="thread"),
    path("c/<slug:slug>/threads/<uuid:thread_id>/read/", threads.thread_seen, name="thread_read"),
    path(
        "c/<slug:slug>/comments/<uuid:comment_id>/",
        threads.comment_change,
        name="comment_edit",
    ),
    path(
        "c/<slug:slug>/comments/<uuid:comment_id>/discard/",
        threads.comment_drop,
        name="comment_discard",
    ),
    path("c/<slug:slug>/propose/", proposing.propose, name="propose"),
    path("c/<slug:slug>/decisions/", decisions.decisions, name="decision_list"),
    path("c/<slug:slug>/decisions/<int:number>/", decisions.decision, name="decision"),
    path("c/<slug:slug>/decisions/<int:number>/vote/", ballots.vote, name="ballot_cast"),
    path(
        "c/<slug:slug>/decisions/<int:number>/take-back/",
        ballots.take_back,
        name="ballot_withdraw",
    ),
    path("c/<slug:slug>/decisions/<int:number>/outcome/", decisions.outcome, name="outcome_write"),
]
