"""Addresses of sign-in, the own profile and the liaison's pages."""

from allauth.account.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from mingfa.people.views import account, people, roster

# allauth reverses these names; nobody registers here, and forgotten passwords go through activation slips.
to_sign_in = RedirectView.as_view(pattern_name="account_login")
to_activation = RedirectView.as_view(pattern_name="activate")
to_password = RedirectView.as_view(pattern_name="account_change_password")

urlpatterns = [
    path("login/", account.sign_in, name="account_login"),
    path("logout/", LogoutView.as_view(), name="account_logout"),
    path("activate/", account.activate, name="activate"),
    path("me/profile/", account.profile, name="profile"),
    path("me/password/", account.own_password, name="account_change_password"),
    path("people/", people.person_list, name="person_list"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/export/", people.export, name="person_export"),
    path("people/slips/", people.slips, name="person_slips"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/account/", people.person_account, name="person_account"),
    path("people/roster/", roster.upload, name="roster_upload"),
    path("people/roster/template/", roster.template, name="roster_template"),
    path("people/roster/<int:pk>/", roster.roster, name="roster"),
    path("people/roster/<int:pk>/decide/", roster.decide, name="roster_decide"),
    path("people/roster/<int:pk>/confirm/", roster.confirm, name="roster_confirm"),
    path("login/inactive/", to_sign_in, name="account_inactive"),
    path("login/signup/", to_sign_in, name="account_signup"),
    path("login/again/", to_sign_in, name="account_reauthenticate"),
    path("login/email/", to_sign_in, name="account_email"),
    path("login/email/sent/", to_sign_in, name="account_email_verification_sent"),
    path("login/email/<str:key>/", to_sign_in, name="account_confirm_email"),
    path("login/code/", to_sign_in, name="account_request_login_code"),
    path("login/code/confirm/", to_sign_in, name="account_confirm_login_code"),
    path("login/password/set/", to_password, name="account_set_password"),
    path("login/password/reset/", to_activation, name="account_reset_password"),
    path("login/password/reset/done/", to_activation, name="account_reset_password_done"),
    path("login/password/reset/key/done/", to_activation, name="account_reset_password_from_key_done"),
    path("login/password/reset/<uidb36>-<key>/", to_activation, name="account_reset_password_from_key"),
]
