"""The pages of logbooks: for whom they are, and for whom they are not."""

import pytest
from django.utils import timezone, translation

from khet.engines.logbooks import services
from khet.engines.logbooks.models import Entry
from tests.engines.logbooks.conftest import drill, risk

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(risks, drills, school, head):
    services.write(drills, school, drill(timezone.localdate()), by=head)
    return services.write(risks, school, risk(), by=head)


def pages(entry):
    code = entry.org.code
    return [f"/logbooks/safety_risks/{code}/", f"/logbooks/safety_drills/{code}/", f"/logbooks/{entry.pk}/"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_school_and_its_office_read_it(written, head, teacher, director, client_for, language):
    with translation.override(language):
        for reader in (head, teacher, director):
            reader.language = language
            reader.save()
            for page in ["/logbooks/", *pages(written)]:
                answer = client_for(reader).get(page)
                assert answer.status_code == 200, page


def test_strangers_and_other_schools_find_nothing(written, stranger, other_head, client_for):
    for somebody in (stranger, other_head):
        client = client_for(somebody)
        assert [client.get(page).status_code for page in pages(written)] == [404] * 3
        assert "โยก" not in client.get("/logbooks/").content.decode()
        assert client.post(f"/logbooks/{written.pk}/withdraw/").status_code == 404
        assert client.get(f"/logbooks/{written.pk}/edit/").status_code == 404


def test_who_only_reads_is_not_offered_to_write(written, teacher, client_for):
    client, code = client_for(teacher), written.org.code
    assert "/new/" not in client.get(f"/logbooks/safety_risks/{code}/").content.decode()
    assert client.get(f"/logbooks/safety_risks/{code}/new/").status_code == 404
    assert client.post(f"/logbooks/{written.pk}/edit/", risk()).status_code == 404
    assert client.post(f"/logbooks/{written.pk}/withdraw/").status_code == 404
    assert Entry.objects.standing().count() == 2


def test_the_head_writes_changes_and_takes_out(head, school, client_for):
    client = client_for(head)
    page = f"/logbooks/safety_risks/{school.code}/new/"
    assert client.get(page).status_code == 200
    assert client.post(page, risk(risk_owner="")).status_code == 422
    assert client.post(page, risk()).status_code == 302
    entry = Entry.objects.get()
    assert client.post(f"/logbooks/{entry.pk}/edit/", risk(risk_state="gone")).status_code == 302
    assert "<s>" in client.get(f"/logbooks/{entry.pk}/").content.decode()
    assert client.post(f"/logbooks/{entry.pk}/withdraw/").status_code == 302
    assert client.get(f"/logbooks/{entry.pk}/").status_code == 404


def test_a_book_that_nobody_keeps_is_not_there(head, school, client_for):
    assert client_for(head).get(f"/logbooks/no_such_book/{school.code}/").status_code == 404


def test_the_list_asks_no_more_for_more_schools(
    written, other_school, third_school, director, client_for, django_assert_max_num_queries
):
    client = client_for(director)
    client.get("/logbooks/")
    with django_assert_max_num_queries(12):
        client.get("/logbooks/")
