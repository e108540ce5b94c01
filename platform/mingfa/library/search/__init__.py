"""Search in the law library: texts and queries cut into words alike, matched by the database's own index."""
