"""Ways in, fresh proofs, visits and tokens."""

from django.urls import URLPattern, path

from commonpurse.web.views.signing import (
    entrance,
    link,
    prove,
    second_factor,
    tokens,
    visits,
    ways,
)

urlpatterns: list[URLPattern] = [
    path("sign-in/passkey/begin/", entrance.passkey_begin, name="passkey_begin"),
    path("sign-in/passkey/", entrance.passkey_enter, name="passkey_enter"),
    path("sign-in/second-factor/", entrance.second_factor, name="mfa_authenticate"),
    path("sign-in/by/<slug:provider_id>/", link.enter, name="openid_connect_login"),
    path("sign-in/by/<slug:provider_id>/back/", link.back, name="openid_connect_callback"),
    path("me/ways/", ways.ways, name="me_ways"),
    path("me/ways/passkeys/begin/", ways.passkey_make_begin, name="me_passkey_begin"),
    path("me/ways/passkeys/new/", ways.passkey_new, name="me_passkey_new"),
    path("me/ways/passkeys/<int:passkey_id>/", ways.passkey, name="me_passkey"),
    path("me/ways/passkeys/<int:passkey_id>/remove/", ways.passkey_drop, name="me_passkey_remove"),
    path("me/ways/second-factor/", second_factor.second_factor, name="me_second_factor"),
    path(
        "me/ways/second-factor/off/", second_factor.second_factor_off, name="me_second_factor_off"
    ),
    path("me/ways/recovery-codes/", second_factor.recovery_codes, name="me_recovery_codes"),
    path("me/ways/links/<int:link_id>/unlink/", link.unlink, name="me_unlink"),
    path("me/prove/", prove.prove, name="me_prove"),
    path("me/prove/code/", prove.prove_code, name="me_prove_code"),
    path("me/prove/passkey/", prove.prove_passkey, name="me_prove_passkey"),
    path("me/visits/", visits.visits, name="me_visits"),
    path("me/visits/end/", visits.visits_stop, name="me_visits_end"),
    path("me/visits/<slug:key>/end/", visits.visit_stop, name="me_visit_end"),
    path("me/tokens/", tokens.tokens, name="me_tokens"),
    path("me/tokens/<uuid:token_id>/revoke/", tokens.token_drop, name="me_token_revoke"),
]
