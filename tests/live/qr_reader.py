"""Reads a QR code from its modules, without looking at how it was made: enough of ISO 18004 for our screens.

Numbers of the standard: versions 1 to 10, byte mode, no error correction (a screen shot has no dirt on it).
"""
import re

# Version → level → (blocks, data bytes of each) of both groups; levels as the two bits of the format say.
BLOCKS = {
    3: {"L": [(1, 55)], "M": [(1, 44)]}, 4: {"L": [(1, 80)], "M": [(2, 32)]}, 5: {"L": [(1, 108)], "M": [(2, 43)]},
    6: {"L": [(2, 68)], "M": [(4, 27)]}, 7: {"L": [(2, 78)], "M": [(4, 31)]},
    8: {"L": [(2, 97)], "M": [(2, 38), (2, 39)]}, 9: {"L": [(2, 116)], "M": [(3, 36), (2, 37)]},
}  # fmt: skip
ALIGNED = {3: [6, 22], 4: [6, 26], 5: [6, 30], 6: [6, 34], 7: [6, 22, 38], 8: [6, 24, 42], 9: [6, 26, 46]}
MASKS = [
    lambda y, x: (y + x) % 2 == 0, lambda y, x: y % 2 == 0, lambda y, x: x % 3 == 0, lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0, lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0, lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
]  # fmt: skip


def modules(svg: str) -> list[list[bool]]:
    """The dark modules of a drawing of horizontal strokes (M x y h n), without the quiet edge."""
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"', svg) or re.search(r' d="(M[^"]+)"', svg)
    dark, x, y = set(), 0.0, 0.0
    for letter, one, _, two in re.findall(r"([MmhH])\s*(-?[\d.]+)([ ,]?(-?[\d.]+))?", path[1]):
        if letter == "M":
            x, y = float(one), float(two)
        elif letter == "m":
            x, y = x + float(one), y + float(two)
        else:
            dark |= {(int(y), int(x) + step) for step in range(int(float(one)))}
            x += float(one)
    top, left = min(y for y, _ in dark), min(x for _, x in dark)
    size = max(x for _, x in dark) - left + 1
    return [[(y + top, x + left) in dark for x in range(size)] for y in range(size)]


def read(svg: str) -> str:
    """The text of the code."""
    grid = modules(svg)
    size = len(grid)
    version = (size - 17) // 4
    form = sum(grid[8][x] << (14 - at) for at, x in enumerate([0, 1, 2, 3, 4, 5, 7, 8])) ^ 0b101010000010010
    level, mask = {1: "L", 0: "M"}[form >> 13 & 3], MASKS[form >> 10 & 7]
    bits = [grid[y][x] ^ mask(y, x) for y, x in _way(size, version)]
    bytes_ = [sum(bit << 7 - place for place, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits) - 7, 8)]
    data = _in_order(bytes_, BLOCKS[version][level])
    stream = "".join(f"{one:08b}" for one in data)
    assert stream[:4] == "0100", "not in byte mode"
    length = int(stream[4:12], 2)
    return bytes(int(stream[at : at + 8], 2) for at in range(12, 12 + 8 * length, 8)).decode()


def _way(size: int, version: int):
    """Places of the data in order: two columns at a time from the right, up and down, around the patterns."""
    fixed = set()
    for y, x in ((0, 0), (0, size - 8), (size - 8, 0)):
        fixed |= {(y + dy, x + dx) for dy in range(8) for dx in range(8)}
    fixed |= {(6, n) for n in range(size)} | {(n, 6) for n in range(size)}
    fixed |= {(8, n) for n in (*range(9), *range(size - 8, size))} | {(n, 8) for n in (*range(9), *range(size - 8, size))}
    middles = ALIGNED[version]
    for y in middles:
        for x in middles:
            if (y, x) not in {(6, 6), (6, middles[-1]), (middles[-1], 6)}:
                fixed |= {(y + dy, x + dx) for dy in range(-2, 3) for dx in range(-2, 3)}
    if version >= 7:
        fixed |= {(y, x) for y in range(6) for x in range(size - 11, size - 8)}
        fixed |= {(x, y) for y in range(6) for x in range(size - 11, size - 8)}
    up = True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for y in range(size - 1, -1, -1) if up else range(size):
            for x in (right, right - 1):
                if (y, x) not in fixed:
                    yield y, x
        up = not up


def _in_order(words: list[int], groups: list[tuple[int, int]]) -> list[int]:
    """The blocks one after the other; they were laid down word by word in turn."""
    sizes = [length for count, length in groups for _ in range(count)]
    blocks: list[list[int]] = [[] for _ in sizes]
    words = iter(words)
    for place in range(max(sizes)):
        for block, length in zip(blocks, sizes, strict=True):
            if place < length:
                block.append(next(words))
    return [word for block in blocks for word in block]
