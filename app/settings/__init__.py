"""The settings of a run and of a sweep: one typed description that makes widgets, link and validation."""
