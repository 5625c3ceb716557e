"""The look: base page, navigation, components, dates and numbers as an office writes them, charts, error pages.

Reads orgs and accounts to say where the viewer is. Gives templates, the tag library `khet`, `navigation` and `charts`.
"""
