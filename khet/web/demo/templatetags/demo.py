"""For the sign-in page of the demo: who one can be."""

from django import template

from khet.core.catalogue import catalogue
from khet.web.demo.accounts import ACCOUNTS, PASSWORD

register = template.Library()


@register.simple_tag
def demo_accounts():
    """[{username, role, shows}] in the order of the tour."""
    return [{"username": a.username, "role": catalogue().get("role", a.role).title, "shows": a.shows} for a in ACCOUNTS]


@register.simple_tag
def demo_password():
    return PASSWORD
