"""How long comparing two editions of a law takes.

    python3 run.py bench compare [ARTICLES]

A text of so many articles (1260) is compared with itself, with every tenth article taken out, and with a tenth of all
characters taken out at random, all of it renumbered. The bar is 2 seconds each.
"""
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "platform"))

from mingfa.library.comparing import ArticleText, compare, counts

BAR_SECONDS = 2.0
WORDS = [a + b for a in "申请登记公布管理责任单位" for b in "人员机关办法期限事项费用"]


def law(count: int, rng: random.Random) -> list[ArticleText]:
    """Articles of about 100 characters over few words, so that all of them are somewhat alike."""
    return [
        ArticleText(number, 0, "，".join("".join(rng.choices(WORDS, k=8)) for _ in range(6)) + "。")
        for number in range(1, count + 1)
    ]


def main() -> None:
    count, rng = int(sys.argv[1]) if len(sys.argv) > 1 else 1260, random.Random(1)
    old = law(count, rng)
    thinned = ["".join(c for c in one.text if rng.random() > 0.1) for one in old]
    cases = {
        "the same": old,
        "every tenth gone": [one for one in old if one.number % 10],
        "a tenth of the characters gone": [ArticleText(n + 3, 0, text) for n, text in enumerate(thinned, start=1)],
    }
    slow = False
    for name, new in cases.items():
        began = time.perf_counter()
        found = counts(compare(old, new))
        seconds = time.perf_counter() - began
        slow |= seconds > BAR_SECONDS
        print(f"{count} articles, {name}: {seconds:.2f} s  {found}")
    raise SystemExit(slow)


if __name__ == "__main__":
    main()
