"""Floor 3: what officers do to a system's rules: judge, follow a case, ask, run a programme."""
