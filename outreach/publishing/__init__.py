"""公开发布: reading texts back, the checks before review, the lists of what is public and of what waits."""
