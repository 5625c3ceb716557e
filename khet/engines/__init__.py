"""Floor 3: engines that run many government systems, each from catalogue data."""
