"""Django's PostgreSQL backend, with a health check that costs no round trip."""
import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the socket before it asks the server.

    Django checks a kept connection with `SELECT 1` once a request, which on an exam day is one statement in four. A
    server that went away has closed its end, and a closed end can be read from: only then is the question worth it.
    """

    def is_usable(self):
        """Whether the next statement will find a server at the other end."""
        try:
            readable, _, _ = select.select([self.connection.fileno()], [], [], 0)
        except (base.Database.Error, OSError, ValueError):
            return False
        return not readable or super().is_usable()
