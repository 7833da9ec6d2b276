"""Signing in, one's own settings, the demo's personas, and whether the product is well."""

from allauth.account import views as allauth
from django.urls import URLPattern, path

from commonpurse.web.views import language, people, style
from commonpurse.web.views.signing import entrance

urlpatterns: list[URLPattern] = [
    path("", people.landing, name="landing"),
    path("style/", style.style_sheet, name="style_sheet"),
    path("sign-in/", entrance.sign_in, name="account_login"),
    path("sign-in/", entrance.sign_in, name="account_request_login_code"),
    path("sign-in/code/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/inactive/", allauth.account_inactive, name="account_inactive"),
    path("sign-up/", allauth.signup, name="account_signup"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("language/", language.language_choose, name="language_choose"),
    path("me/", people.me, name="me"),
    path("me/erase/", people.me_erase, name="me_erase"),
    path("demo/as/<slug:key>/", people.demo_sign_in, name="demo_sign_in"),
]
