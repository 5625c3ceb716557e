"""Django settings. The office's own choices are environment variables, listed in docs/guides/operating.md."""

import os
import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from khet.config.environment import database, hosts, mail, outside_identity
from khet.kit.home import home, made_once, room

PACKAGE = Path(__file__).resolve().parent.parent

KHET_DEMO = (home() / "demo.json").exists()
KHET_SECOND_FACTOR = not KHET_DEMO and os.environ.get("KHET_SECOND_FACTOR", "1") != "0"
# Who leaves the desk is signed out after so many minutes without a click.
KHET_IDLE_MINUTES = int(os.environ.get("KHET_IDLE_MINUTES", "30"))
# Who may run the wizard of an empty installation: None nobody, "" whoever reaches the server, else who knows the word.
KHET_SETUP_TOKEN = os.environ.get("KHET_SETUP_TOKEN")
# Behind a proxy that speaks https the office sets KHET_HTTPS=1: cookies then never travel in the clear.
HTTPS = os.environ.get("KHET_HTTPS") == "1"

DEBUG = os.environ.get("KHET_DEBUG") == "1"
SECRET_KEY = made_once(room("keys") / "django.key", lambda: secrets.token_urlsafe(50).encode()).decode()
ALLOWED_HOSTS = hosts()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS]

INSTALLED_APPS = [
    "khet.core.ui",  # first: their templates stand before those of the packages
    "khet.core.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.forms",
    "khet.core.catalogue",
    "khet.core.changes",
    "khet.core.orgs",
    "khet.core.audit",
    "khet.core.jobs",
    "khet.core.calendar",
    "khet.core.files",
    "khet.core.forms",
    "khet.core.workflow",
    "khet.core.notices",
    "khet.registers.schools",
    "khet.registers.people",
    "khet.registers.progress",
    "khet.registers.residents",
    "khet.registers.linkage",
    "khet.registers.figures",
    "khet.registers.intake",
    "khet.engines.assessments",
    "khet.engines.cases",
    "khet.engines.surveys",
    "khet.engines.programmes",
    "khet.engines.logbooks",
    "khet.facts",
    "khet.insight.indicators",
    "khet.insight.earlywarning",
    "khet.plan",
    "khet.web.classroom",
    "khet.web.overviews",
    "khet.web.behind",
    "khet.web.desk",
    "khet.web.patterns",
    "khet.web.demo",
    "khet.web.setup",
    "khet.web.bench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "khet.core.accounts.middleware.VisitMiddleware",
    "khet.core.accounts.middleware.GuardMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "khet.web.setup.middleware.FirstRunMiddleware",
]

ROOT_URLCONF = "khet.config.urls"
WSGI_APPLICATION = "khet.config.wsgi.application"
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "khet.core.ui.context.ui",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "khet.core.ui.templatetags.khet"],
        },
    }
]

FORM_RENDERER = "khet.core.ui.forms.Renderer"
CSRF_FAILURE_VIEW = "khet.core.ui.views.csrf_failure"

LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("Thai")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

STATIC_URL = "/static/"
# Assets are built once and served as they lie in the package, so nothing has to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Names that carry a hash of the content (assets/build.mjs): browsers may keep them for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/vendor/[\w.-]+-(?:[0-9a-f]{10}|[A-Z0-9]{8})\.\w+$"
WHITENOISE_MAX_AGE = 0 if DEBUG else 86400
MEDIA_ROOT = home() / "uploads"  # never served: a view checks rights and streams the file
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = ["khet.config.uploads.SizeLimit", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = room("uploads")  # not /tmp, which others on the machine may read and which may be small
KHET_LARGEST_UPLOAD = int(os.environ.get("KHET_UPLOAD_MB", "200")) * 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},  # telephone numbers, IDs
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # invitations and reset links
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "khet.core.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "khet.core.accounts.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# A whole office shares one address, so the limit by address is wide and the one by account narrow.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/5m/ip,5/5m/key", "reset_password": "20/5m/ip,3/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KHET_PROXIES", "1" if HTTPS else "0"))
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = bool(os.environ.get("KHET_EMAIL_URL"))
MFA_ADAPTER = "khet.core.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Khet"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are entered by the administrator
SOCIALACCOUNT_PROVIDERS, _IDENTITY_ORIGINS = outside_identity()
SOCIALACCOUNT_ONLY = False
# The e-mail an outside identity vouches for signs in to the account with that e-mail; none is opened by it.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

SESSION_COOKIE_AGE = 10 * 60 * 60  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_AGE = None  # with the browser it goes: whoever reports something leaves no trace on the device
# With "__Host-" a browser takes the cookie from this very host over https only.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-khet", "__Host-khet-csrf") if HTTPS else ("khet", "khet-csrf")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *_IDENTITY_ORIGINS],  # the sign-in form leads on to the outside identity
        "frame-ancestors": ["'none'"],
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# In files, because the page servers count failed sign-ins together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": home() / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
KHET_SENDS_MAIL = bool(os.environ.get("KHET_EMAIL_URL"))
KHET_LINE_TOKEN = os.environ.get("KHET_LINE_TOKEN", "")  # of the office's LINE account, for notices
vars().update(mail())

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "errors": {"class": "logging.StreamHandler", "formatter": "plain", "level": "ERROR"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "khet": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        # The worker tells of every task it begins and ends; a console wants to hear of those that fail.
        "django_tasks": {"handlers": ["errors"], "propagate": False},
        "django_tasks_db": {"handlers": ["errors"], "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # an office's host below go.th cannot enter the browsers' preload list
TEST_RUNNER = "django.test.runner.DiscoverRunner"
