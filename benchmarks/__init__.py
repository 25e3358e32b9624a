"""Benchmarks: ``python -m benchmarks [names…] [--quick]``, or ``make bench``.

Each module has ``run(quick) -> list[Figure]``. Speeds are compared within one run, never with a number
of seconds that was measured on another machine.
"""
