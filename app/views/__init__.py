"""The pages, one file each, and the ways from one to another."""
