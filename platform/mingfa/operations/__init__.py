"""Operations: backup and restore, and whether everything the product stands on is well."""
