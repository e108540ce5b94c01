"""Progress of long work on a terminal; elsewhere only the end of each part."""
import sys

BAR = 24


class Progress:
    """Called as report(words, done, total)."""

    def __init__(self, out):
        self.out, self.shown = out, None

    def __call__(self, words: str, done: int, total: int) -> None:
        percent = 100 if total <= 0 else 100 * done // total
        if (words, percent) == self.shown or not (sys.stdout.isatty() or percent == 100):
            return
        self.shown = (words, percent)
        filled = BAR * percent // 100
        line = f"  [{'#' * filled}{'.' * (BAR - filled)}] {words} {percent}%"
        self.out.write(f"\r{line}" if sys.stdout.isatty() else line, ending="\n" if percent == 100 else "")
        self.out.flush()
