from django.db.backends.postgresql.operations import DatabaseOperations
from mingfa.postgresql import base


class Operations(DatabaseOperations):
    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        """DELETE, where Django truncates: a new file for each of 150 tables takes longer than most tests do."""
        if reset_sequences or allow_cascade:
            return super().sql_flush(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        # In one transaction, at whose end the foreign keys are looked at: the order is no matter.
        return [f"DELETE FROM {self.quote_name(table)}" for table in tables]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = Operations
