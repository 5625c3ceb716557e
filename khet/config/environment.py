"""Environment variables → settings; each says in words what is wrong with it."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from khet.kit.home import home

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]


def hosts() -> list[str]:
    """The names this server answers to (`KHET_HOSTS`, comma between); without any only those of this machine."""
    return [host.strip() for host in os.environ.get("KHET_HOSTS", "").split(",") if host.strip()] or LOOPBACK


def database() -> dict:
    """PostgreSQL when KHET_DATABASE_URL names one, else the SQLite file in KHET_HOME."""
    url = os.environ.get("KHET_DATABASE_URL", "")
    if not url:
        return _sqlite()
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise SystemExit(
            f"KHET_DATABASE_URL starts with '{parts.scheme}:'. Write postgresql://user:password@host/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite() -> dict:
    """One file that several processes share: readers never wait (WAL), writers queue for up to half a minute.

    A transaction takes the right to write when it begins, so two that read first and write then cannot lock each other.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home() / "khet.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; "
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA journal_size_limit=67108864"
            ),
        },
    }


def mail() -> dict:
    """Settings for sending mail from KHET_EMAIL_URL=smtp://user:password@host:587?from=khet@office.example&tls=1.

    Without it nothing is sent, and pages that would need mail say so.
    """
    url = os.environ.get("KHET_EMAIL_URL", "")
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts, options = urlsplit(url), dict(parse_qsl(urlsplit(url).query))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "from" not in options:
        raise SystemExit("KHET_EMAIL_URL: write smtp://user:password@host:587?from=khet@office.example&tls=1")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and options.get("tls", "1") == "1",
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": options["from"],
    }


def outside_identity() -> tuple[dict, list[str]]:
    """(allauth's providers, origins a sign-in form may lead to) of KHET_OIDC="name|client id|secret|server url".

    Any OpenID Connect server will do: ThaID, Google Workspace, Microsoft.
    """
    given = os.environ.get("KHET_OIDC", "")
    if not given:
        return {"openid_connect": {"APPS": []}}, []
    try:
        name, client, secret, server = given.split("|")
    except ValueError:
        raise SystemExit('KHET_OIDC: write four parts, "name|client id|secret|server url".') from None
    app = {
        "provider_id": "office",
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    parts = urlsplit(server)
    return {"openid_connect": {"APPS": [app]}}, [f"{parts.scheme}://{parts.netloc}"]
