"""The kept database connections of the threads that serve pages."""
import pytest
from django.db import connection


@pytest.mark.django_db(transaction=True)
def test_OP3_a_connection_the_server_closed_is_replaced_before_the_next_statement():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that could close a connection")
    connection.ensure_connection()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()

    connection.close_if_unusable_or_obsolete()  # what a request does first

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
