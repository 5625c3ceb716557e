"""The pictures of the README, taken from a made-up office: `make screenshots`.

Fills a demo in a temporary folder, serves it, and photographs four pages in Thai with Chromium.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.support.browser import CHROMIUM_FLAGS, HOW_TO_GET_ONE, find_chromium  # noqa: E402
from tests.support.office import PASSWORD, Server, khet  # noqa: E402

FOLDER = ROOT / "docs" / "images"
SIZE = ["--schools", "60", "--pupils", "5000"]
LARGEST = 300_000  # bytes of one picture
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 780}


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print(HOW_TO_GET_ONE, file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with served_demo() as (home, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        director = sign_in(browser, url, "director", DESK)
        take(director, "plan-home", "/")
        take(director, "why", "/indicators/pupil_harm/why/")
        take(sign_in(browser, url, "director", PHONE), "phone", "/")
        planner = sign_in(browser, url, "planner", DESK)
        preview(planner, home / "demo-files" / "tour" / "late_reports_active_learning.csv")
        take(planner, "preview")
        browser.close()
    return 0


@contextmanager
def served_demo() -> Iterator[tuple[Path, str]]:
    """(home, address) of a demo office that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="khet-screenshots-") as folder:
        home = Path(folder) / "home"
        done = khet("demo", "--no-serve", *SIZE, home=home)
        if done.returncode:
            raise SystemExit(done.stderr)
        server = Server(home)
        try:
            yield home, server.url
        finally:
            server.stop()


def sign_in(browser, url: str, username: str, viewport: dict) -> Page:
    """A page of somebody, in Thai and in the light."""
    context = browser.new_context(
        base_url=url, viewport=viewport, device_scale_factor=2, locale="th-TH", color_scheme="light"
    )
    context.add_cookies([{"name": "django_language", "value": "th", "url": url}])
    page = context.new_page()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/account/login" not in address)
    return page


def preview(page: Page, file: Path) -> None:
    """Give a file to the import page and wait for what it would change."""
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(str(file))
    page.locator("main form[enctype] button.btn-primary").click()
    page.wait_for_url(re.compile(r"/import/\d+/"))
    page.locator("form[action$='/commit/'] button").wait_for(timeout=120_000)
    page.reload()


def take(page: Page, name: str, path: str | None = None) -> None:
    """Write what the window shows, in few enough colours to be small."""
    if path:
        page.goto(path)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    target = FOLDER / f"{name}.png"
    for colours in (192, 96, 48):
        picture.quantize(colours, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size < LARGEST:
            break
    else:
        raise SystemExit(f"{target}: {target.stat().st_size:,} bytes; show less of the page, so that it stays small.")
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
