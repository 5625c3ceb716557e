"""Files in: recognise, read, check, preview, commit, undo."""
