"""The library of models: what ships, what somebody kept, and rivals that need no training."""
