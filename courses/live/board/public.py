"""What the audience may see of the board: a question waits for the trainer before the room reads it.

public(reduce(state, event)) == reduce(public(state), redact(event)): the audience's own reducer never goes astray.
"""
MODERATORS = frozenset({"trainer", "system"})
KEPT_BACK = frozenset({"qa.new", "kick"})


def public(state: dict) -> dict:
    """The state without questions that wait."""
    return {**state, "qa": [one for one in state["qa"] if one["status"] != "new"]}


def redact(envelope: dict) -> dict:
    """The event as the audience gets it: one that is not theirs keeps its number and says nothing."""
    if envelope["kind"] not in KEPT_BACK:
        return envelope
    return {"seq": envelope["seq"], "at": envelope["at"], "kind": "", "data": {}}
