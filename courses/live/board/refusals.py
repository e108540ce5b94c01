"""Why a command was not carried out. Refusals carry facts; the Chinese sentence is written at the edge."""


class Refusal(Exception):
    code = "refused"


class UnknownKind(Refusal):
    """No command or event is called so."""

    code = "unknown"

    def __init__(self, kind: str):
        super().__init__(kind)
        self.kind = kind


class NotAllowed(Refusal):
    """The role may not send this command."""

    code = "role"

    def __init__(self, kind: str, role: str):
        super().__init__(kind, role)
        self.kind, self.role = kind, role


class WrongMoment(Refusal):
    """The training's state does not allow this command."""

    code = "state"

    def __init__(self, kind: str, state: str):
        super().__init__(kind, state)
        self.kind, self.state = kind, state


class IllegalTurn(Refusal):
    """The state machine has no such step."""

    code = "turn"

    def __init__(self, before: str, after: str):
        super().__init__(before, after)
        self.before, self.after = before, after


class BadData(Refusal):
    """The data of a command or event is not as it has to be. `field` is empty when the whole is wrong."""

    code = "data"

    def __init__(self, field: str = ""):
        super().__init__(field)
        self.field = field


class Gone(Refusal):
    """What the command speaks of does not exist, or is over: a closed poll, an unknown question."""

    code = "gone"

    def __init__(self, what: str):
        super().__init__(what)
        self.what = what


class Already(Refusal):
    """It was done before by the same person; the first time counts."""

    code = "already"

    def __init__(self, what: str):
        super().__init__(what)
        self.what = what


class BadCode(Refusal):
    """The sign-in code is wrong, of another venue, or too old."""

    code = "code"


class TooOften(Refusal):
    """More tries or messages than the limit allows. Carries the seconds to wait."""

    code = "often"

    def __init__(self, seconds: int):
        super().__init__(seconds)
        self.seconds = seconds


class TooMany(Refusal):
    """There are `most` of them already."""

    code = "many"

    def __init__(self, what: str, most: int):
        super().__init__(what, most)
        self.what, self.most = what, most


class SamePerson(Refusal):
    """A second person has to confirm, and this is the first again."""

    code = "second"


class NotOnRoster(Refusal):
    """The person is not on the roster of the training, or of this venue."""

    code = "roster"


class OtherDevice(Refusal):
    """The device has signed in somebody else in this round."""

    code = "device"


class NotAPicture(Refusal):
    """The uploaded file cannot be kept as a photo: `why` is size, kind or pixels."""

    code = "picture"

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class Frozen(Refusal):
    """The minutes are frozen: nobody changes them any more."""

    code = "frozen"
