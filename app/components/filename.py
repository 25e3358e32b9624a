"""Titles as names of files that are downloaded."""

import re


def as_file_name(title: str) -> str:
    """Small letters, digits and hyphens, whatever the title; "model" where nothing is left of it."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "model"
