from allauth.account import views
from django.urls import path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("register/", views.signup, name="account_signup"),
    path("account/", views.email, name="account"),
]
