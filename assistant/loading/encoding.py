"""Decodes a file's bytes: UTF-8 with or without a mark, UTF-16 with one, else the likeliest Western encoding."""

from __future__ import annotations

from assistant.errors import UnreadableFileError

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

_CP1252_HOLES = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_MAX_CONTROL_SHARE = 0.02


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the encoding it was read in.

    Raises:
        UnreadableFileError: the bytes are no text in any encoding tried.

    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise UnreadableFileError(
                    f"starts like {encoding} but is not, from byte {error.start}", "save it again as UTF-8"
                ) from error
    try:
        return _checked(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    if any(byte in _CP1252_HOLES for byte in data):
        raise UnreadableFileError("is neither UTF-8 nor Windows-1252 text", "save it again as UTF-8")
    return _checked(data.decode("cp1252")), "cp1252"


def _checked(text: str) -> str:
    control = sum(c < " " and c not in "\n\r\t\f\v" for c in text[:100_000])
    if control > _MAX_CONTROL_SHARE * max(len(text[:100_000]), 1):
        raise UnreadableFileError("holds binary data, not text", "check that the file is what its name says")
    return text
