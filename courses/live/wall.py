"""The code on a hall's wall: its screen computes nothing, it is told each step where the picture lies."""
from datetime import datetime

from .board import Actor, proof


def step_at(now: datetime) -> int:
    return proof.step_at(round(now.timestamp() * 1000))


def code_for(actor: Actor, checkin: dict | None, *, training_id: int, secrets: dict[int, str], now: datetime) -> dict | None:
    """The hint with the picture and the spoken code of now; None for all but the screens that sign in."""
    if actor.role != "venue" or checkin is None or actor.venue not in checkin["venues"]:
        return None
    spoken = proof.spoken(secrets[actor.venue], training_id, actor.venue, checkin["round"])
    picture = f"/live/{training_id}/venue/{actor.venue}/qr/?step={step_at(now)}"
    return {"kind": "qr", "venue": actor.venue, "spoken": spoken, "svg": picture}
