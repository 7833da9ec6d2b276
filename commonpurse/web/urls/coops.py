"""A co-op, its people, its manual, and the way in."""

from django.urls import URLPattern, path

from commonpurse.web.views import coops, invitations, manual, members

urlpatterns: list[URLPattern] = [
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("c/<slug:slug>/", coops.coop_home, name="coop_home"),
    path("c/<slug:slug>/more/", coops.coop_more, name="coop_more"),
    path("c/<slug:slug>/leave/", members.coop_leave, name="coop_leave"),
    path("c/<slug:slug>/members/", members.member_list_page, name="member_list"),
    path("c/<slug:slug>/members/invite/", invitations.invitation_new, name="invitation_new"),
    path(
        "c/<slug:slug>/members/invite/<uuid:invitation_id>/revoke/",
        invitations.invitation_take_back,
        name="invitation_revoke",
    ),
    path("c/<slug:slug>/members/<uuid:member_id>/", members.member_page, name="member"),
    path("c/<slug:slug>/members/<uuid:member_id>/role/", members.role_give, name="role_grant"),
    path("c/<slug:slug>/members/<uuid:member_id>/role/end/", members.role_take, name="role_end"),
    path("c/<slug:slug>/manual/", manual.manual, name="manual"),
    path("c/<slug:slug>/manual/<int:number>/", manual.manual_page, name="manual_version"),
]
