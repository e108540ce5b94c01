"""HTTP: the plain WSGI application (see asgi.py for how it is served)."""
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingfa.settings")

application = get_wsgi_application()
