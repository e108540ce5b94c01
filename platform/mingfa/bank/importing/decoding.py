"""Text out of bytes, whatever program of a Chinese office wrote them."""

from mingfa.spreadsheets import SpreadsheetRefused

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode_text(data: bytes) -> str:
    """A byte order mark decides; then UTF-16 without one (every other byte of the ASCII is zero), UTF-8, GB18030.

    Raises SpreadsheetRefused: unknown_encoding, unknown_format (bytes that are no text).
    """
    for code in _candidates(data):
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise SpreadsheetRefused("unknown_format", "文件里有乱码，不是文字文件。请另存为 .txt 或 .docx 后上传。")
        return text
    raise SpreadsheetRefused("unknown_encoding", "认不出文件的文字编码。请在记事本里另存为 UTF-8 后上传。")


def _candidates(data: bytes) -> tuple[str, ...]:
    for mark, code in MARKS:
        if data.startswith(mark):
            return (code,)
    # A file has many line ends, digits and letters: their upper bytes are zero and tell which byte comes first.
    even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    if even or odd:
        return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return ("utf-8", "gb18030")
