"""Search over all that one may see: each room answers for itself, the answers become one list."""
