"""The database backend for PostgreSQL (ENGINE "mingfa.postgresql")."""
