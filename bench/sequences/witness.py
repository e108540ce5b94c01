"""Somebody who watches a sitting and writes down what was promised, in words of its own.

The witness uses none of the engine's decisions: the ways from state to state, the end, who holds the sitting, which
change wins and what an answer is worth are written here a second time, as docs/rules.md says them.
"""
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

WAYS = {
    ("open", "open"), ("open", "marked"), ("open", "void"), ("marked", "marked"), ("marked", "void"),
    ("void", "void"),
}  # fmt: skip
LETTERS = "ABCDEFGHIJ"


class Witness:
    """The record of one candidate's sittings.

    Args:
        redraw: seed -> items of the paper, drawn anew from the bank as it was.
        keys: {version id: (type, key)} of the bank.
        policy: how an incomplete 多选 counts.
        window: opening, closing, minutes of duration and attempts of the exam.
    """

    def __init__(self, *, redraw, keys: Mapping[int, tuple[str, str]], policy: str, window):
        self.redraw, self.keys, self.policy = redraw, keys, policy
        self.opens, self.closes, self.minutes, self.attempts = window
        self.papers: list = []
        self.last: list = []
        self.promised: dict[int, tuple[str, int]] = {}
        self.epoch, self.is_frozen, self.ends = 0, False, None
        self.expected: object = None

    # --- what must happen next ----------------------------------------------------------------------
    @property
    def is_open(self) -> bool:
        return bool(self.last) and self.last[-1].state == "open"

    def _writable(self, epoch: int, now: datetime) -> bool:
        return self.is_open and epoch == self.epoch and not self.is_frozen and now < self.ends

    def expect_start(self, now):
        running = self.is_open and now < self.ends
        self.expected = running or (self.opens <= now < self.closes and len(self.last) < self.attempts)

    def expect_save(self, epoch, now, paper, changes):
        self.expected = self._writable(epoch, now)
        self.coming = dict(self.promised)
        self.reply = {}
        for name, (chosen, seq) in changes.items():
            place = paper.names.questions.index(name)
            if place not in self.coming or seq > self.coming[place][1]:
                self.coming[place] = (_letters(paper, place, chosen), seq)
            self.reply[name] = self.coming[place][1]

    def expect_form(self, epoch, now, paper, chosen):
        # Once it is handed in, a second form is answered with what stands; so is one behind a voided sitting.
        self.expected = self._writable(epoch, now) or not self.is_open
        if self._writable(epoch, now):
            seq = max((seq for _, seq in self.promised.values()), default=0) + 1
            for place, name in enumerate(paper.names.questions):
                answer = _letters(paper, place, chosen.get(name, ()))
                if answer != self.promised.get(place, ("", 0))[0]:
                    self.promised[place] = (answer, seq)

    def expect_handing_in(self, now):
        self.expected = True

    def expect_open(self):
        self.expected = self.is_open

    def expect_voiding(self):
        self.expected = self.last[-1].state != "void"

    def expect_sweep(self, now):
        self.expected = True

    def expect_refusal(self, kind):
        self.expected = kind

    # --- what has happened --------------------------------------------------------------------------
    def started(self, now, paper):
        self.papers.append(paper)
        self.promised, self.epoch, self.is_frozen = {}, 1, False
        self.ends = min(now + timedelta(minutes=self.minutes), self.closes)

    def saved(self, reply):
        assert self.expected is True, "a save was accepted that had to be refused"
        assert reply == self.reply, "the receipt names other changes than those stored"
        self.promised = self.coming

    def taken_over(self):
        self.epoch += 1

    def frozen(self):
        if self.is_open and not self.is_frozen:
            self.epoch, self.is_frozen = self.epoch + 1, True

    def unfrozen(self):
        self.is_frozen = False

    def voided(self):
        self.epoch += 1

    def extended(self, minutes, now):
        # One at its end is over: nothing revives it.
        if self.is_open and now < self.ends:
            self.ends += timedelta(minutes=minutes)

    def refused(self, name, refusal, now, sittings):
        """A refusal must have been due, and leaves everything as it was but for the end that time brings."""
        if isinstance(self.expected, type):
            assert isinstance(refusal, self.expected), f"{name}: refused with {refusal!r}"
        else:
            assert self.expected is False, f"{name} was refused although it was due: {refusal!r}"
        overdue = self.is_open and now >= self.ends
        assert sittings == self.last or overdue, f"{name} was refused and still changed something"

    # --- what must always hold ----------------------------------------------------------------------
    def look(self, now, sittings: Sequence) -> None:
        """Compare what is stored with the record."""
        self.expected = None
        assert len(sittings) <= self.attempts
        assert sum(one.state == "open" for one in sittings) <= 1
        for before, after in zip(self.last, sittings, strict=False):
            self._follow(before, after)
        if sittings:
            current = sittings[-1]
            assert dict(current.answers) == self.promised, "what is stored is not what was promised"
            assert current.ends_at == self.ends
            assert current.epoch == self.epoch
            if current.state == "open":
                assert bool(current.frozen_reason) == self.is_frozen
                assert current.mark is None
        self.last = list(sittings)

    def _follow(self, before, after):
        assert (before.state, after.state) in WAYS, f"{before.state} became {after.state}"
        assert after.revision >= before.revision
        assert after.epoch >= before.epoch
        if before.state == "open" and after.state == "marked":
            assert after.submitted_at <= after.ends_at, "handed in after the end"
        if before.state != "open":
            # Voiding sets state and epoch; nothing else of what was handed in ever changes.
            kept = (*before[4:],)
            assert kept == (*after[4:],), "something changed after handing in"

    def mark_again(self, sittings) -> None:
        """Draw every paper anew from its seed and mark it by hand."""
        for paper, sitting in zip(self.papers, sittings, strict=True):
            items = self.redraw(paper.seed)
            assert items == list(paper.items), "the seed gives another paper"
            if sitting.mark is not None:
                assert int(sitting.mark * 10) == sitting.mark * 10
                assert int(sitting.mark * 10) == self._tenths(items, sitting.answers), "marked differently"

    def _tenths(self, items, answers) -> int:
        total = 0
        for place, item in enumerate(items):
            kind, key = self.keys[item.version_id]
            given, full = set(answers.get(place, ("", 0))[0]), int(item.marks * 10)
            if given == set(key):
                total += full
            elif kind == "multiple" and given and given < set(key):
                total += {
                    "all_or_nothing": 0, "half_for_subset": (full + 1) // 2, "half_mark_each": min(5 * len(given), full)
                }[self.policy]  # fmt: skip
        return total


def _letters(paper, place, chosen) -> str:
    """What option names say, in the key's letters."""
    at = [paper.names.options[place].index(name) for name in chosen]
    if paper.kinds[place] == "judge":
        return "".join("TF"[one] for one in at)
    return "".join(sorted(LETTERS[paper.items[place].shown[one]] for one in at))
