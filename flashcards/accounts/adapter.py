"""How sign-in behaves here, for django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """The project's own choices; everything else is allauth's."""
