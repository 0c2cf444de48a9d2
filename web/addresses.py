"""Addresses that came with a request: only those that lead to a page of ours are followed."""

_OUTSIDE = ("//", "/\\")


def local(address: str) -> str:
    """The address if it leads to a page of ours, else nothing: nobody is sent to another site."""
    ours = address.startswith("/") and not address.startswith(_OUTSIDE)
    return address if ours and address.isprintable() else ""


DIGITS = 6  # of a page number; longer ones are nonsense


def number(text: str | None) -> int:
    """The page number in an address; whatever is none counts as the first."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= DIGITS else 1
