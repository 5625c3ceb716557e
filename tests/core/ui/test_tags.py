"""Template words: what they say, and that they say it without colour."""

import re
from datetime import timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError
from django.utils import timezone

from khet.core.ui import charts
from khet.core.ui.forms import BuddhistDateField
from khet.core.ui.status import STATUSES


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_an_icon_and_a_word(rendered, english, status):
    badge = rendered("{% status_badge status %}", status=status)
    icon, word = STATUSES[status]
    assert f"#{icon}" in badge
    assert str(word) in badge
    assert f"is-{status}" in badge


def test_an_unknown_status_reads_as_no_data(rendered, english):
    assert "No data" in rendered("{% status_badge None %}")


def test_a_badge_refuses_a_tone_it_does_not_know(rendered):
    with pytest.raises(TemplateSyntaxError, match="no tone 'loud'"):
        rendered("{% badge 'x' 'loud' %}")


def test_a_badge_escapes_its_words(rendered):
    assert "&lt;b&gt;" in rendered("{% badge text %}", text="<b>")


@pytest.mark.parametrize(
    ("change", "better", "look", "written"),
    [
        (3.2, "higher", "good", "+3.2"),
        (-2, "higher", "bad", "−2.0"),
        (-2, "lower", "good", "−2.0"),
        (0, "lower", "flat", "unchanged"),
    ],
)
def test_a_change_says_whether_it_is_for_the_better(rendered, english, change, better, look, written):
    arrow = rendered("{% trend_arrow change better %}", change=change, better=better)
    assert f"is-{look}" in arrow
    assert written in arrow
    assert {"good": "improved by", "bad": "worse by", "flat": "unchanged"}[look] in arrow


def test_a_rate_changes_by_points_not_by_percent(rendered, english):
    assert "+1.2 points" in rendered("{% trend_arrow 1.2 'higher' '%' %}")
    assert "+2 people" in rendered("{% trend_arrow 2 'higher' 'people' 0 %}")


def test_no_change_known_is_a_dash(rendered):
    assert "–" in rendered("{% trend_arrow None %}")


def test_a_sparkline_breaks_where_a_value_is_missing_and_speaks_its_values(rendered):
    line = rendered("{% sparkline values 85 'Rate' %}", values=[70, 75, None, 80, 90])
    assert line.count("<polyline") == 2
    assert 'aria-label="Rate: 70, 75, –, 80, 90"' in line
    assert "k-spark-target" in line


def test_a_sparkline_stays_inside_its_box(rendered):
    line = rendered("{% sparkline values 10 %}", values=[-400, 3, 3, 9000])
    numbers = [float(n) for n in re.findall(r"[\d.]+,([\d.]+)", line)]
    assert numbers and all(0 <= y <= 32 for y in numbers)


def test_a_sparkline_of_one_or_equal_values_or_of_none_does_not_fail(rendered):
    assert "<circle" in rendered("{% sparkline values %}", values=[5])
    assert "<circle" in rendered("{% sparkline values 5 %}", values=[5, 5])
    assert "<svg" not in rendered("{% sparkline values %}", values=[None, None])
    assert "<svg" not in rendered("{% sparkline values %}", values=[])


def test_a_bar_never_leaves_its_ground(rendered, english):
    over = rendered("{% progress_bar 140 200 100 'met' 'Share' %}")
    assert 'width="100.00"' in over
    assert 'x="99.00"' in over
    assert 'aria-label="Share: 140 of 100, target 200"' in over
    assert 'width="0.00"' in rendered("{% progress_bar None %}")


def test_a_figure_without_a_value_has_no_unit(rendered):
    assert "%" in rendered("{% figure 92.4 '%' %}")
    assert "%" not in rendered("{% figure None '%' %}")


def test_old_data_says_so_in_words(rendered, english):
    moment = timezone.now() - timedelta(days=100)
    assert "due for renewal" in rendered("{% data_age moment 90 %}", moment=moment)
    assert "due for renewal" not in rendered("{% data_age moment 120 %}", moment=moment)
    assert "No data yet" in rendered("{% data_age None 90 %}")


def test_a_heading_sorts_one_way_then_the_other_and_keeps_the_filter(rendered):
    source = "{% sort_header 'name' 'School' %}"
    first = rendered(source, address="/?grade=p1&page=3")
    assert 'href="?grade=p1&amp;sort=name"' in first
    assert "aria-sort" not in first
    second = rendered(source, address="/?sort=name")
    assert 'aria-sort="ascending"' in second
    assert 'href="?sort=-name"' in second
    assert 'aria-sort="descending"' in rendered(source, address="/?sort=-name")


def test_thai_names_sort_as_in_a_dictionary(rendered):
    names = [{"name": name} for name in ("บ้านเขา", "เกาะ", "กา", "แขก")]
    assert (
        rendered("{% for row in rows|sort_th:'name' %}{{ row.name }} {% endfor %}", rows=names) == "กา เกาะ แขก บ้านเขา "
    )


def test_pages_are_offered_around_the_current_one_and_keep_the_filter(rendered, english):
    page = Paginator(range(400), 10).get_page(20)
    pager = rendered("{% include '_pagination.html' %}", address="/?q=x&page=20", page=page)
    assert "191–200 of 400" in pager
    assert 'aria-current="page">20<' in pager
    assert 'href="?q=x&amp;page=21"' in pager
    assert pager.count("…") == 2


def test_a_single_page_has_no_pager(rendered):
    assert "<nav" not in rendered("{% include '_pagination.html' %}", page=Paginator([1], 10).get_page(1))


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    born = BuddhistDateField(label="Born", required=False)
    kind = forms.ChoiceField(choices=[("a", "Absent"), ("b", "Leave")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_is_tied_to_its_hint_and_its_error(rendered, english):
    markup = rendered("{% include '_form.html' %}", form=Sample({"kind": "a"}))
    described = re.search(r'name="name"[^>]*aria-describedby="([^"]+)"', markup)[1].split()
    assert len(described) == 2
    assert all(f'id="{one}"' in markup for one in described)
    assert 'aria-invalid="true"' in markup
    assert "is-invalid" in markup


def test_every_kind_of_widget_has_its_classes_and_label(rendered, english):
    markup = rendered("{% include '_form.html' %}", form=Sample())
    assert markup.count("form-check-input") == 3
    assert "<legend" in markup
    assert '<input type="hidden" name="secret"' in markup
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', markup))
    assert labelled == {"id_name", "id_born", "id_kind_0", "id_kind_1", "id_agreed"}


def test_a_form_prints_itself_the_same_way(rendered):
    assert "form-control" in str(Sample())


def test_the_title_stands_twice_from_one_block(rendered):
    page = rendered("{% extends 'base.html' %}{% block title %}A & <b>{{ x }}</b>{% endblock %}", x="<i>")
    assert page.count("A & <b>&lt;i&gt;</b>") == 2


def test_breadcrumbs_name_each_step(rendered):
    trail = rendered("{% crumbs 'Plan' '/plan/' 'Strategy 1' '/plan/1/' %}")
    assert re.findall(r'href="([^"]+)">([^<]+)<', trail) == [("/plan/", "Plan"), ("/plan/1/", "Strategy 1")]


def test_a_chart_has_a_sentence_a_table_and_no_code(rendered, english):
    chart = charts.line(["2566", "2567"], {"Rate </script>": [1.5, None]}, summary="It rose.", unit="%", target=2)
    markup = rendered("{% chart chart %}", chart=chart)
    assert "<figcaption>It rose.</figcaption>" in markup
    assert "</script>\\u003E" not in markup
    assert markup.count("</script>") == 1
    assert '<th scope="row">2567</th>' in markup
    assert '<td class="num">–</td>' in markup


def test_a_chart_fetched_later_carries_no_data(rendered):
    markup = rendered("{% chart chart '/x.json' %}", chart=charts.line(["1"], {"a": [1]}, summary="s"))
    assert 'data-chart-src="/x.json"' in markup
    assert "<script" not in markup


def test_a_question_before_an_act_posts_and_can_be_left(rendered, english):
    markup = rendered(
        "{% include '_confirm.html' with url='/undo/' label='Undo' question='Sure?' hidden=more %}", more={"batch": 7}
    )
    assert 'method="post" action="/undo/"' in markup
    assert 'name="batch" value="7"' in markup
    assert "Cancel" in markup
