"""Search that knows where Thai words begin: “สื่อ” finds สื่อ, and not the middle of another word."""

from khet.kit.thai import fold, tidy


def words_of(*texts: str) -> str:
    """The words of texts, folded, a bar around each: "|นวัตกรรม|การ|อ่าน|"."""
    words = [word for text in texts for word in cut(text)]
    return f"|{'|'.join(words)}|" if words else ""


def cut(text: str) -> list[str]:
    """The words of a text, Thai cut by the dictionary, folded for comparison."""
    from pythainlp.tokenize import word_tokenize

    return [key for token in word_tokenize(tidy(text or ""), keep_whitespace=False) if (key := fold(token))]


def found(rows, asked: str, column: str = "search"):
    """The rows that hold everything asked for; what is written together stands together, the last word may be begun."""
    for part in asked.split():
        words = cut(part)
        if words:
            rows = rows.filter(**{f"{column}__contains": f"|{'|'.join(words)}"})
    return rows
