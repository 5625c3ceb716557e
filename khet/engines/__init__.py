"""Floor 3: engines that run many systems each from catalogue data."""
