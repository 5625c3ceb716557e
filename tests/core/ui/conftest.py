"""A page rendered from a few lines of template, as a signed-in or unknown visitor would get it."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation


@pytest.fixture
def thai():
    with translation.override("th"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def rendered():
    """rendered("{% icon 'x' %}", address="/?page=2", name=value) → the text of the template."""

    def render(source, *, address="/", **context):
        request = RequestFactory().get(address)
        return engines["django"].from_string(source).render(context, request)

    return render
