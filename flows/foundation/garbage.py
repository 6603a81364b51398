"""How often Python looks for garbage: objects that refer to each other, and that nothing else refers to any more."""

import gc


def look_rarely() -> None:
    """Look through new objects after 50,000 of them rather than 700, in this process.

    Importing Prefect, Great Expectations or WeasyPrint makes hundreds of thousands of objects that stay, and so do the
    boxes of a page until it is drawn. Looking through them again and again takes a tenth to a fifth of the time of
    importing or drawing (measured). Tables are no such objects, so a process needs a few megabytes more.
    """
    gc.set_threshold(50_000, 20, 20)
