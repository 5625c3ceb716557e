"""A respondent without scripts: goes from page to page as a browser would."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.hidden, self.names = {}, set()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag in ("input", "textarea") and found.get("name"):
            if found.get("type") == "hidden":
                self.hidden.setdefault(found["name"], []).append(found.get("value", ""))
            else:
                self.names.add(found["name"])


def fields(response) -> tuple[dict, set]:
    """({hidden name: values}, names of the fields shown) of the survey's form."""
    text = response.content.decode()
    reader = _Fields()
    reader.feed(text[text.index('class="survey-form') : text.index("</form>", text.index('class="survey-form'))])
    return reader.hidden, reader.names


def walk(client, url, answers, *, most=12):
    """Fill in page after page; returns the last response (a redirect when the answer was taken)."""
    response = client.get(url)
    for _ in range(most):
        hidden, names = fields(response)
        shown = {f"a-{name}": value for name, value in answers.items() if f"a-{name}" in names}
        act = "send" if 'value="send"' in response.content.decode() else "next"
        response = client.post(url, {**hidden, **shown, "act": act})
        if response.status_code != 200:
            return response
    return response
