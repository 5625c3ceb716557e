"""What the server loads."""

import os

from khet.config.serving import SERVER, end_with

if SERVER in os.environ:  # before all else: loading takes a while, and the server may have gone meanwhile
    end_with(int(os.environ[SERVER]))

from django.core.wsgi import get_wsgi_application

from khet.kit.collecting import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.config.settings")
application = get_wsgi_application()
settle()
