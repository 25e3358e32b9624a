"""The commands of ``aelib``: what each takes, and what it does."""
