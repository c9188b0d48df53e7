"""All settings, in one file, read from the environment; what is missing or wrong stops the start with a sentence.

`docs/operations.md` lists the variables. Out of the box (`DEBUG` on) everything runs on one SQLite file in `var/`.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from flashcards.lib.environment import (
    database_config,
    log_level,
    mailer_config,
    secret_key,
    tasks_backend,
    whole_number,
    writable_folder,
)

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = writable_folder(BASE_DIR / env.str("VAR_DIR", default="var"))
GENERATED_DIR = writable_folder(VAR_DIR / "generated")

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = secret_key(base=BASE_DIR)
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. With DEBUG off it must be: at least 50 random characters, kept secret."
        )
    SECRET_KEY = "insecure-key-for-a-computer-of-your-own-only-" + "0" * 20
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. With DEBUG off, name the hosts that this site answers to.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
WORKERS = whole_number("WORKERS", default=1, least=1)  # server processes

INSTALLED_APPS = [
    "flashcards.study",
    "flashcards.decks",
    "flashcards.classes",
    "flashcards.accounts",
    "flashcards.lib",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks_db",
    "simple_history",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # the only secret in a page, the CSRF token, is masked anew in each
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "flashcards.accounts.middleware.KeepSignedIn",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "flashcards.urls"
WSGI_APPLICATION = "flashcards.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Databases -----------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": database_config(
        env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'flashcards.sqlite3'}"),
        base=BASE_DIR,
        pool_size=whole_number("DATABASE_POOL_SIZE", default=4, least=1),
        timeout=whole_number("DATABASE_TIMEOUT", default=15),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A table, not memory: several server processes must count sign-in attempts together.
# Room for many: when it is full, entries go, and with them what was counted.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Work in the background: at once, within the request, or by `manage.py worker`, which `manage.py serve` starts.
TASKS = {"default": {"BACKEND": tasks_backend(env.str("TASKS_BACKEND", default="immediate" if DEBUG else "database"))}}

# People --------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SESSION_ENGINE = "flashcards.accounts.sessions"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "study:home"
ACCOUNT_ADAPTER = "flashcards.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "flashcards.accounts.sign_in_forms.AddEmailForm",
    "change_password": "flashcards.accounts.sign_in_forms.ChangePasswordForm",
    "login": "flashcards.accounts.sign_in_forms.LoginForm",
    "reauthenticate": "flashcards.accounts.sign_in_forms.ReauthenticateForm",
    "reset_password": "flashcards.accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "flashcards.accounts.sign_in_forms.ResetPasswordKeyForm",
    "set_password": "flashcards.accounts.sign_in_forms.SetPasswordForm",
    "signup": "flashcards.accounts.sign_in_forms.SignupForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False  # a guest is signed in and still may sign up
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one counts once it is confirmed
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="optional")
ACCOUNT_EMAIL_NOTIFICATIONS = True  # who did not change the password themselves should hear of it
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Flashcards: "
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# A class shares one address, and begins at one moment. Wrong passwords stay at allauth's 10 a minute and address, and
# 5 in five minutes for one account.
ACCOUNT_RATE_LIMITS = {
    "join": "120/m/ip,1200/h/ip",  # codes tried, right or wrong: looking at one, then joining, are two
    "join_user": "20/m/user",
    "join_code": "600/m/key",
    "invite": "20/h/user",
    "guest": "60/m/ip,300/h/ip",
    "media": "60/m/user,600/h/user",
    "transfer": "20/m/user,120/h/user",
    "login": "60/m/ip",
    "signup": "60/m/ip",
    "suggest": "60/h/user",
}

# Whether what a deleted person's answers added to the sums of their classes stays there, without the person.
KEEP_SUMS_OF_DELETED = env.bool("KEEP_SUMS_OF_DELETED", default=True)

MAILERS = {"default": mailer_config(env.str("EMAIL_URL", default="console:"))}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Flashcards <flashcards@localhost>")

# Language and time ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# Static files --------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", GENERATED_DIR]
STORAGES = {
    "default": {"BACKEND": "flashcards.lib.storage.ContentStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "flashcards.lib.storage.HashedStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_MAX_MB_PER_DECK = whole_number("MEDIA_MAX_MB_PER_DECK", default=500, least=1)

# Security ------------------------------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 180
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
IMPORT_MAX_MB = whole_number("IMPORT_MAX_MB", default=250, least=1)  # of a file that somebody uploads
FILE_UPLOAD_HANDLERS = [
    "flashcards.lib.uploading.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a load balancer asks from inside, without TLS
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = whole_number("SECURE_HSTS_SECONDS", default=60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_SUBDOMAINS", default=True)
    SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
    CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
PROXIES = whole_number("PROXIES", default=0)  # how many stand in front and tell of the browser
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# Logs name addresses of pages and kinds of errors, never people: no e-mail, no form's content, no query string.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": log_level()},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django_tasks_db": {"level": "WARNING"},  # it would say of each piece of work that it looked for it
    },
}
