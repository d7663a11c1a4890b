"""Bytes in headers that are no ASCII, which a client hands on as lone surrogates that no database takes."""


def percent_encoded(address: str) -> str:
    """An address of a header with its bytes beyond ASCII percent-encoded, as browsers ask for it.

    >>> percent_encoded("/caf\\udce9"), percent_encoded("/café")
    ('/caf%E9', '/caf%C3%A9')
    """
    if address.isascii():
        return address
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in address.encode("utf-8", "surrogateescape"))


def is_text(value: str) -> bool:
    """Whether a value can be stored and sent: it holds no half of a character."""
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def as_text(value: str) -> str:
    """The value with ``?`` for each half of a character."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
