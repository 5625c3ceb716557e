"""What notices are about. A room names its own from its AppConfig.ready; users may keep a topic from being sent."""

_words: dict[str, str] = {}


def name_topics(words: dict) -> None:
    """{topic: lazy words}"""
    _words.update(words)


def topics() -> list[tuple[str, str]]:
    """(topic, words) of all rooms."""
    return list(_words.items())
