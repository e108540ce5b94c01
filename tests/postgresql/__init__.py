"""The product's backend for PostgreSQL, emptied between tests row by row."""
