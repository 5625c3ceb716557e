"""Template words (a builtin library: nothing to load). The guide docs/guides/look.md shows each in use."""

import itertools
from functools import lru_cache

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khet.core.ui import drawings, formats
from khet.core.ui.assets import asset_url
from khet.core.ui.forms import bootstrap_class
from khet.core.ui.status import STATUSES, TONES
from khet.kit.thai import sort_key

register = template.Library()
_numbers = itertools.count(1)

for name in (
    "be_date",
    "be_datetime",
    "period",
    "number",
    "percent",
    "with_unit",
    "age",
    "age_of",
    "file_size",
    "short_office",
):
    register.filter(name, getattr(formats, name))


@register.filter
def decimal(value, decimals=2):
    """The number with exactly so many decimals."""
    return formats.number(value, decimals)


@register.filter
def sort_th(rows, attribute=""):
    """The rows in the order of a Thai dictionary, by an attribute or key of each when one is named."""

    def text(row):
        if not attribute:
            return str(row)
        return str(row.get(attribute, "") if isinstance(row, dict) else getattr(row, attribute))

    return sorted(rows, key=lambda row: sort_key(text(row)))


@register.simple_tag
def asset(name):
    """Address of a built page asset by its plain name."""
    return asset_url(name)


@register.simple_tag
def icon(name, label=""):
    """An icon of assets/icons.txt. Without a label it is decoration and silent to screen readers."""
    if label:
        words = format_html('role="img" aria-label="{}"', label)
        return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', words, asset_url("icons.svg"), name)
    return _decoration(name, asset_url("icons.svg"))


@lru_cache(maxsize=512, typed=True)  # typed: a name marked safe is not escaped, so it is not taken for a plain one
def _decoration(name, drawings) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', drawings, name)


@register.simple_tag
def status_badge(status, text=""):
    """Status met | near | missed | running | no_data | no_target as icon and word; a text replaces the word."""
    drawing, word = STATUSES.get(status, STATUSES["no_data"])
    return format_html('<span class="k-status is-{}">{}{}</span>', status or "no_data", icon(drawing), text or word)


@register.simple_tag
def badge(text, tone="quiet", icon_name=""):
    """A short state in words, for anything but an indicator's status. Tones: met near missed info quiet."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"badge: no tone '{tone}'. Use one of: {', '.join(sorted(TONES))}.")
    return format_html('<span class="k-status is-{}">{}{}</span>', tone, icon(icon_name) if icon_name else "", text)


@register.simple_tag
def trend_arrow(change, better="higher", unit="", decimals=1):
    """A change against before, as arrow, signed number and words; coloured by whether it is for the better."""
    if change is None:
        return format_html('<span class="k-trend is-flat">{}</span>', formats.NOTHING)
    if float(change) == 0:
        return format_html('<span class="k-trend is-flat">{}{}</span>', icon("equal"), _("unchanged"))
    size = formats.number(abs(float(change)), decimals)
    drawing, sign = ("arrow-up-right", "+") if float(change) > 0 else ("arrow-down-right", "−")
    good = (sign == "+") == (better == "higher")
    look, words = ("good", _("improved by")) if good else ("bad", _("worse by"))
    # From 80% to 90% is 10 points, not 10%.
    unit = pgettext("percentage", "points") if unit == "%" else unit
    return format_html(
        '<span class="k-trend is-{}">{}<span class="visually-hidden">{} </span>{}{}{}</span>',
        look, icon(drawing), words, sign, size, f" {unit}" if unit else "",
    )  # fmt: skip


@register.simple_tag
def sparkline(values, target=None, label=""):
    """The last values as a small line; see drawings.sparkline."""
    return drawings.sparkline(values or [], target, label)


@register.simple_tag
def progress_bar(value, target=None, maximum=100, status="", label=""):
    """A bar of value against maximum with a mark at the target; see drawings.bar."""
    return drawings.bar(value, target, maximum, status, label)


@register.simple_tag
def figure(value, unit="", decimals=None, small=False):
    """A number with its unit, as the page's large figure."""
    return format_html(
        '<span class="k-figure{}"><span class="k-figure-value">{}</span><span class="k-figure-unit">{}</span></span>',
        " is-small" if small else "", formats.number(value, decimals), "" if value is None else unit,
    )  # fmt: skip


@register.simple_tag
def data_age(moment, old_after=None):
    """ข้อมูลเมื่อ 3 วันก่อน, with the day in its title; marked in words and colour when older than so many days."""
    day = formats._day(moment)
    if day is None:
        return format_html('<span class="k-age">{}{}</span>', icon("clock"), formats.age_of(None))
    from django.utils import timezone

    old = old_after is not None and (timezone.localdate() - day).days > old_after
    words = formats.age_of(moment)
    if old:
        words += " · " + _("due for renewal")
    return format_html(
        '<time class="k-age{}" datetime="{}" title="{}">{}{}</time>',
        " is-old" if old else "", day.isoformat(), formats.be_date(moment),
        icon("alert-circle" if old else "clock"), words,
    )  # fmt: skip


@register.simple_tag
def unique_id(prefix):
    """An id that no other element of the page has."""
    return f"{prefix}-{next(_numbers)}"


@register.simple_tag(takes_context=True)
def sort_header(context, key, label, css="", parameter="sort"):
    """A table heading that sorts by ?sort=key, and the other way round when pressed again."""
    request = context["request"]
    now = request.GET.get(parameter, "")
    query = request.GET.copy()
    query[parameter] = f"-{key}" if now == key else key
    query.pop("page", None)
    state, drawing = {key: ("ascending", "sort-ascending"), f"-{key}": ("descending", "sort-descending")}.get(
        now, ("", "arrows-sort")
    )
    return format_html(
        '<th scope="col"{}{}><a class="k-sort" href="?{}">{} {}</a></th>',
        format_html(' class="{}"', css) if css else "",
        format_html(' aria-sort="{}"', state) if state else "",
        query.urlencode(), label, icon(drawing),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def again(context, block_name):
    """What the page put into a block, a second time: the title stands in the head and above the content."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(block_name) if blocks else None
    return block.render(context) if block else ""


@register.simple_tag
def widget(field, **attrs):
    """The bare input of a form's field in Bootstrap's classes, tied to its hint and its errors."""
    own = field.field.widget.attrs.get("class", "")
    if str(field.field.widget.attrs.get("placeholder", "")) == str(field.label):
        attrs.setdefault("placeholder", "")  # a label said once
    attrs["class"] = " ".join(part for part in (bootstrap_class(field), own, attrs.pop("extra", "")) if part)
    return field.as_widget(attrs=attrs)


@register.filter
def widget_kind(field):
    """check (one box), choices (several boxes or radios), file, hidden or plain."""
    from django import forms

    match field.field.widget:
        case forms.HiddenInput() | forms.MultipleHiddenInput():
            return "hidden"
        case forms.CheckboxSelectMultiple() | forms.RadioSelect():
            return "choices"
        case forms.CheckboxInput():
            return "check"
        case forms.FileInput():
            return "file"
    return "plain"


@register.inclusion_tag("_chart.html")
def chart(chart, src="", png=True, twin_open=False):
    """A chart of khet.core.ui.charts: sentence, picture, table twin, download; `src` fetches its data later."""
    return {"chart": chart, "src": src, "png": png, "twin_open": twin_open}


@register.inclusion_tag("_map.html")
def geo_map(src, summary, rows=(), head=()):
    """A map of the GeoJSON at `src` with a table twin of `rows` under `head`."""
    return {"src": src, "summary": summary, "rows": rows, "head": head}


@register.filter
def pages_around(page):
    """Page numbers to offer beside the current one, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.inclusion_tag("_breadcrumbs.html")
def crumbs(*pairs):
    """The way to this page: words and address in turn, from the top; the page itself is its heading."""
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=True))}
