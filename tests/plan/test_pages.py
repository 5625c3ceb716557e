"""The review and the pages around it, as a browser asks them: with htmx, and without any script."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from khet.plan.models import PlanDocument, PlanEdition, PlanItem
from khet.plan.words import target_words
from tests.plan.made_up import TEXT

Kind = PlanItem.Kind
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(client, planner):
    client.force_login(planner)
    client.cookies["django_language"] = "en"
    return client


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_a_document_is_uploaded_read_and_made_a_draft(browser, office):
    upload = SimpleUploadedFile("แผน.txt", TEXT.encode())
    page = text(browser.post(reverse("plan:upload"), {"file": upload}, follow=True))
    assert "องค์กรเรียนรู้" in page and "Make the draft" in page
    document = PlanDocument.objects.get()
    answer = browser.post(reverse("plan:draft", args=[document.pk]), {"from_year": 2566, "to_year": 2570})
    edition = PlanEdition.objects.get()
    assert answer["Location"] == reverse("plan:edition", args=[edition.pk])
    assert (edition.from_year, edition.to_year) == (2023, 2027)


def test_an_upload_that_is_no_document_is_refused_on_the_page(browser, office):
    upload = SimpleUploadedFile("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(60))
    assert "photo.txt" in text(browser.post(reverse("plan:upload"), {"file": upload}), status=422)


def test_years_that_cannot_be_are_said_on_the_document(browser, document):
    page = text(
        browser.post(reverse("plan:draft", args=[document.pk]), {"from_year": 2570, "to_year": 2566}, follow=True)
    )
    assert "The last year comes before the first" in page and not PlanEdition.objects.exists()


def test_the_original_comes_back_only_as_a_download(browser, document):
    answer = browser.get(reverse("plan:original", args=[document.pk]))
    assert b"".join(answer.streaming_content).decode() == TEXT
    assert "attachment" in answer["Content-Disposition"] and answer["Content-Security-Policy"] == "sandbox"
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_chosen_item_marks_its_lines_without_a_script(browser, draft):
    item = draft.items.get(kind=Kind.VISION)
    page = text(browser.get(reverse("plan:edition", args=[draft.pk]), {"item": item.pk}))
    line = page[page.index(f'id="l{item.lines[0]}"') :]
    assert "is-marked" in line[: line.index(">")]
    assert "is-chosen" in page


def test_an_item_is_corrected_on_a_page_of_its_own_and_in_place(browser, draft):
    item = draft.items.get(kind=Kind.VISION)
    address = reverse("plan:item", args=[item.pk])
    assert "<html" in text(browser.get(address)) and "<html" not in text(browser.get(address, headers=HTMX))
    answer = browser.post(address, {"kind": "vision", "text": "ใหม่"})
    assert answer.status_code == 302 and f"item={item.pk}" in answer["Location"]
    fragment = text(browser.post(address, {"kind": "vision", "text": "ใหม่กว่า"}, headers=HTMX))
    assert 'id="review"' in fragment and "ใหม่กว่า" in fragment and "<html" not in fragment


def test_what_a_service_refuses_comes_back_with_the_reason(browser, draft):
    item = draft.items.get(kind=Kind.VISION)
    address = reverse("plan:item", args=[item.pk])
    assert "Write the text" in text(browser.post(address, {"kind": "vision", "text": ""}, headers=HTMX), status=409)
    strategy = draft.items.get(kind=Kind.STRATEGY, number=1)
    page = text(browser.post(reverse("plan:item_remove", args=[strategy.pk]), headers=HTMX), status=409)
    assert "has items below it" in page
    assert "has items below it" in text(browser.post(reverse("plan:item_remove", args=[strategy.pk]), follow=True))


def test_items_are_added_moved_split_joined_and_removed_by_buttons(browser, draft):
    add = reverse("plan:item_add", args=[draft.pk])
    browser.post(add, {"kind": "mission", "text": "ส่งเสริมการอ่าน และการเขียน"})
    item = draft.items.get(text="ส่งเสริมการอ่าน และการเขียน")
    assert item.number == 3
    browser.post(reverse("plan:item_move", args=[item.pk]), {"step": "up"})
    item.refresh_from_db()
    assert item.number == 2
    browser.post(reverse("plan:item_split", args=[item.pk]), {"second": "และ การเขียน"})
    assert draft.items.filter(kind=Kind.MISSION).count() == 4
    browser.post(reverse("plan:item_merge", args=[item.pk]))
    browser.post(reverse("plan:item_remove", args=[item.pk]))
    assert draft.items.filter(kind=Kind.MISSION).count() == 2


def test_words_that_are_not_in_the_item_do_not_split_it(browser, draft):
    item = draft.items.get(kind=Kind.VISION)
    answer = browser.post(reverse("plan:item_split", args=[item.pk]), {"second": "ดวงจันทร์"}, headers=HTMX)
    assert "do not stand inside" in text(answer, status=409)


def test_a_tactic_moves_to_another_strategy_by_its_form(browser, draft):
    tactic = draft.items.filter(kind=Kind.TACTIC).first()
    other = draft.items.get(kind=Kind.STRATEGY, number=2)
    browser.post(reverse("plan:item", args=[tactic.pk]), {"kind": "tactic", "text": tactic.text, "parent": other.pk})
    tactic.refresh_from_db()
    assert tactic.parent == other


def test_an_indicator_is_bound_by_searching_the_catalogue(browser, draft):
    item = draft.items.get(binding__indicator="", kind=Kind.INDICATOR)
    choices = reverse("plan:choices", args=[item.pk])
    assert "Nothing in the catalogue" in text(browser.get(choices, {"q": "ดวงจันทร์เต็มดวง"}, headers=HTMX))
    assert "dropout_rate" in text(browser.get(choices, {"q": "ออกกลางคัน"}, headers=HTMX))
    fragment = text(browser.post(reverse("plan:binding", args=[item.pk]), {"indicator": "dropout_rate"}, headers=HTMX))
    assert f'id="item-{item.pk}"' in fragment and "confirmed" in fragment


def test_the_likeliest_number_is_offered_first_with_its_reason(browser, draft, indicator_of):
    item = indicator_of(draft, "service_satisfaction")
    page = text(browser.get(reverse("plan:choices", args=[item.pk])))
    first = page[page.index("list-group-item") :]
    assert "service_satisfaction" in first[: first.index("</li>")] and "The text says" in first[: first.index("</li>")]


def test_an_indicator_is_left_without_a_number_with_a_reason(browser, draft):
    item = draft.items.get(binding__indicator="", kind=Kind.INDICATOR)
    address = reverse("plan:binding", args=[item.pk])
    assert "Say why" in text(browser.post(address, {"unbound_reason": " "}, headers=HTMX), status=409)
    browser.post(address, {"unbound_reason": "ไม่มีสถานีวัดน้ำฝน"})
    assert "ไม่มีสถานีวัดน้ำฝน" in text(browser.get(reverse("plan:indicators", args=[draft.pk])))


@pytest.mark.parametrize(
    "asked, shown",
    [
        ({"year": "all", "direction": "at_least", "value": "92.5"}, "≥ 92.5%"),
        ({"year": "2024", "direction": "at_most", "value": "95"}, "≤ 95%"),
        ({"year": "2024", "direction": "zero", "value": ""}, "none (0)"),
        ({"year": "all", "direction": "increase", "value": ""}, "higher than the year before"),
    ],
)
def test_targets_are_set_year_by_year(browser, draft, indicator_of, asked, shown):
    item = indicator_of(draft, "service_satisfaction")
    browser.post(reverse("plan:targets", args=[item.pk]), asked)
    year = None if asked["year"] == "all" else int(asked["year"])
    with translation.override("en"):
        assert target_words(item.binding.targets.filter(year=year), item.binding.definition) == shown


@pytest.mark.parametrize(
    "asked", [{"year": "2031", "value": "90"}, {"year": "all", "value": "many"}, {"year": "all", "value": "120"}]
)
def test_a_target_that_cannot_be_is_refused_with_words(browser, draft, indicator_of, asked):
    item = indicator_of(draft, "service_satisfaction")
    answer = browser.post(reverse("plan:targets", args=[item.pk]), {"direction": "at_least"} | asked, headers=HTMX)
    assert "alert-danger" in text(answer, status=409)
    assert item.binding.targets.get().value == 90


def test_an_owner_is_set_by_group_and_user_name(browser, draft, director, indicator_of):
    item = indicator_of(draft, "service_satisfaction")
    address = reverse("plan:owner", args=[item.pk])
    browser.post(address, {f"i{item.pk}-group": "administration", f"i{item.pk}-owner": "director"})
    item.binding.refresh_from_db()
    assert (item.binding.owner_group, item.binding.owner) == ("administration", director)
    assert "nobody" in text(browser.post(address, {f"i{item.pk}-owner": "nobody"}, headers=HTMX), status=409).lower()


def test_the_plan_is_checked_adopted_revised_and_compared(browser, draft):
    adopt = reverse("plan:adopt", args=[draft.pk])
    assert "Before it can be adopted" in text(browser.get(adopt))
    item = draft.items.get(binding__indicator="", kind=Kind.INDICATOR)
    browser.post(reverse("plan:binding", args=[item.pk]), {"unbound_reason": "ไม่มีข้อมูล"})
    assert browser.post(adopt)["Location"] == "/"
    revise = browser.post(reverse("plan:revise", args=[draft.pk]))
    new = PlanEdition.objects.get(state="draft")
    assert revise["Location"] == reverse("plan:edition", args=[new.pk])
    vision = new.items.get(kind=Kind.VISION)
    browser.post(reverse("plan:item", args=[vision.pk]), {"kind": "vision", "text": "องค์กรเรียนรู้ เพื่อเด็กทุกคน"})
    page = text(browser.get(reverse("plan:compare", args=[new.pk])))
    assert "องค์กรเรียนรู้ เพื่อเด็กทุกคน" in page and "changed" in page
    browser.post(reverse("plan:discard", args=[new.pk]))
    assert not PlanEdition.objects.filter(state="draft").exists()


def test_an_adopted_plan_is_read_only_on_its_pages(browser, adopted):
    item = adopted.items.get(kind=Kind.VISION)
    page = text(browser.get(reverse("plan:edition", args=[adopted.pk])))
    assert reverse("plan:item", args=[item.pk]) not in page
    answer = browser.post(reverse("plan:item", args=[item.pk]), {"kind": "vision", "text": "x"}, headers=HTMX)
    assert "has been adopted" in text(answer, status=409)


def test_reading_pages_cost_the_same_however_long_the_plan(browser, draft, django_assert_max_num_queries):
    for name in ("plan:edition", "plan:indicators"):
        address = reverse(name, args=[draft.pk])
        browser.get(address)
        with django_assert_max_num_queries(16):
            browser.get(address)
