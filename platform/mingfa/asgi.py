"""One process for HTTP and WebSocket: the WSGI application in threads, sockets on the loop."""
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingfa.settings")

from a2wsgi import WSGIMiddleware

from mingfa.wsgi import application as wsgi_application

application = WSGIMiddleware(wsgi_application)
