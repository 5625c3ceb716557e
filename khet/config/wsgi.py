"""What the server loads."""

import os

from django.core.wsgi import get_wsgi_application

from khet.config.serving import SERVER, end_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.config.settings")
application = get_wsgi_application()
if SERVER in os.environ:
    end_with(int(os.environ[SERVER]))
