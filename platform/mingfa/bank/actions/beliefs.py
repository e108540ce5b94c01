"""Beliefs behind wrong answers. They stand beside the versions, which never change: a belief says what a wrong answer means
for teaching, nobody who answers sees it, and figures have to reach answers that were given before it was written down."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from wagtail.log_actions import log

from mingfa.bank.beliefs import usable_beliefs
from mingfa.bank.drafts import CASE, QuestionDraft, wrong_answers
from mingfa.bank.models import AnswerBelief, Bank, Belief, Question, QuestionVersion
from mingfa.library.citations import CitationRef


@transaction.atomic
def create_belief(*, unit, name: str, by, now, description: str = "", ref: CitationRef | None = None) -> Belief:
    """A belief of a unit. Raises IntegrityError when the unit has one of this name."""
    belief = Belief.objects.create(unit=unit, name=name.strip(), description=description.strip(), **_place(ref))
    log(belief, "bank.create_belief", user=by, timestamp=now, data={"unit": unit.pk})
    return belief


@transaction.atomic
def revise_belief(belief: Belief, *, name: str, by, now, description: str = "", ref: CitationRef | None = None) -> Belief:
    """Another name, description or article; what was counted stays counted. Raises IntegrityError for a taken name."""
    belief = Belief.objects.select_for_update(of=("self",)).get(pk=belief.pk)
    for field, value in {"name": name.strip(), "description": description.strip(), **_place(ref)}.items():
        setattr(belief, field, value)
    belief.save()
    log(belief, "bank.revise_belief", user=by, timestamp=now)
    return belief


@transaction.atomic
def tag_answers(question: Question, beliefs: Mapping[str, Belief | None], *, by, now) -> int:
    """Say which belief stands behind the wrong answers of a question's current version; None takes one away.

    Returns how many answers changed; nothing changed is no entry. Raises ValueError for an answer that is not wrong.
    """
    version = QuestionVersion.objects.select_for_update(of=("self",)).get(pk=question.current_id)
    options = tuple(version.options.order_by("order").values_list("text", flat=True))
    if outside := beliefs.keys() - set(wrong_answers(version.type, options, version.answer)):
        raise ValueError(f"not a wrong answer: {sorted(outside)}")
    before = dict(version.beliefs.values_list("answer", "belief_id"))
    changed = {one: belief for one, belief in beliefs.items() if before.get(one) != (belief.pk if belief else None)}
    version.beliefs.filter(answer__in=changed).delete()
    rows = [AnswerBelief(version=version, answer=one, belief=belief) for one, belief in changed.items() if belief]
    AnswerBelief.objects.bulk_create(rows)
    if changed:
        data = {"version": version.number, "answers": {one: belief and belief.pk for one, belief in changed.items()}}
        log(question, "bank.tag_answers", user=by, timestamp=now, data=data)
    return len(changed)


def store_beliefs(bank: Bank, pairs: Iterable[tuple[QuestionVersion, QuestionDraft]], *, by, now) -> None:
    """The beliefs that drafts name, for versions just stored; a name nobody has yet becomes a belief of the bank's unit.

    Part of the caller's transaction and entry. No query when no draft names any.
    """
    wanted = [(version, answer, name) for version, draft in pairs for answer, name in draft.beliefs]
    if not wanted:
        return
    known = {belief.name: belief for belief in reversed(usable_beliefs(bank).filter(name__in={name for *_, name in wanted}))}
    for *_, name in wanted:
        if name not in known:
            known[name] = create_belief(unit=bank.unit, name=name, by=by, now=now)
    AnswerBelief.objects.bulk_create(
        AnswerBelief(version=version, answer=answer, belief=known[name]) for version, answer, name in wanted
    )


def carry_beliefs(old: QuestionVersion, new: QuestionVersion) -> None:
    """Wrong answers that a new version has word for word keep their belief, unless the draft said another.

    Sub-questions of a case are those of the same place.
    """
    _carry(old, new)
    if old.type == new.type == CASE:
        before = {part.order: part for part in old.children.all()}
        for part in new.children.filter(order__in=before):
            _carry(before[part.order], part)


def _carry(old: QuestionVersion, new: QuestionVersion) -> None:
    tagged = {row.answer: row.belief_id for row in old.beliefs.all()}
    if not tagged:
        return
    texts, before = _answers(new), {answer: text for text, answer in _answers(old).items()}
    taken = set(new.beliefs.values_list("answer", flat=True))
    kept = {texts[before[answer]]: belief for answer, belief in tagged.items() if before.get(answer) in texts}
    AnswerBelief.objects.bulk_create(
        AnswerBelief(version=new, answer=answer, belief_id=belief) for answer, belief in kept.items() if answer not in taken
    )


def _answers(version: QuestionVersion) -> dict[str, str]:
    """Text of each wrong answer → its letter."""
    options = tuple(version.options.order_by("order").values_list("text", flat=True))
    wrong = wrong_answers(version.type, options, version.answer)
    return {options[ord(one) - 65] if options else one: one for one in wrong}


def _place(ref: CitationRef | None) -> dict:
    ref = ref or CitationRef("", 0)
    return {"law_title": ref.law_title, "article": ref.article, "sub": ref.sub, "paragraph": ref.paragraph, "item": ref.item}
