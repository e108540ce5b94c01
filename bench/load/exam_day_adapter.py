"""What the exam-day driver and the adapters of the systems it plays against share."""
import importlib.util
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import aiohttp


@dataclass
class Question:
    key: str                 # stable name of the question within this candidate's paper
    kind: str                # "single" (one option; true/false too) or "multi"
    options: list            # option values, in the order shown


@dataclass
class Candidate:
    n: int
    user: str
    password: str
    http: aiohttp.ClientSession
    clock: object            # exam_day_measuring.Clock
    state: dict = field(default_factory=dict)     # the adapter's own
    paper: list = field(default_factory=list)     # set by the driver, as are the next four
    sheet: dict = field(default_factory=dict)     # the answers now on the candidate's screen
    acked: dict = field(default_factory=dict)     # the answers of the last acknowledged save
    flying: dict = None                           # the answers of a save not (yet) acknowledged
    saves: int = 0
    relogged: bool = False

    def step(self, name):
        return self.clock.step(name)


class StepFailed(Exception):
    pass


class Adapter:
    """What a system must offer to be played.  Wrap each HTTP exchange (or chain of
    exchanges that a person waits for as one) in `with c.step(name):`.  Use the step
    names of STEPS, so that systems can be compared; extra names are allowed (a system
    that makes the candidate pass one more page shows one more row).  Raise StepFailed
    when the system's answer is not the expected one: it must never count as done.
    """
    STEPS = ("login", "open", "start", "paper", "save", "submit", "result")

    def __init__(self, target, exam):
        self.target, self.exam, self.base = target, exam, target["base"].rstrip("/")

    async def login(self, c):
        """From no cookies to a logged-in session."""
        raise NotImplementedError

    async def open(self, c):
        """The exam's own page, the one with the start button."""
        raise NotImplementedError

    async def start(self, c) -> list:
        """Press start; returns the paper as [Question] once it has been received in full."""
        raise NotImplementedError

    async def save(self, c, answers):
        """answers: {question key: [option values]}.  Returns only when the server has
        acknowledged the save; raises otherwise."""
        raise NotImplementedError

    async def submit(self, c, answers):
        """Hand the paper in, final; returns when the system says it is in."""
        raise NotImplementedError

    async def result(self, c) -> str:
        """The page that shows the candidate's result; returns the mark as text."""
        raise NotImplementedError

    async def read_back(self, c) -> dict:
        """Reload the paper as the candidate would after a crash; {key: [options]} of the
        answered questions.  May log in again if the session is gone."""
        raise NotImplementedError

    async def report_pages(self, c) -> dict:
        """c is the trainer, logged in.  {name: URL} of the pages and downloads in which a
        trainer reads all results of the exam."""
        raise NotImplementedError

    # helpers
    async def get(self, c, url, **kw):
        return await self.fetch(c, "GET", url, **kw)

    async def post(self, c, url, data, **kw):
        return await self.fetch(c, "POST", url, data=data, **kw)

    async def fetch(self, c, method, url, follow=True, ok=(200,), until=None, **kw):
        """Follows redirects itself, counts requests and bytes, returns (url, status, text).
        until: stop (do not follow) when the redirect's target contains this text."""
        url = urljoin(self.base + "/", url)
        for _ in range(8):
            async with c.http.request(method, url, allow_redirects=False, **kw) as r:
                body = await r.read()
                c.clock.exchange(len(body))
                if r.status in (301, 302, 303, 307, 308) and follow:
                    url = urljoin(url, r.headers["Location"])
                    if until and until in url:
                        return url, r.status, ""
                    method, kw = "GET", {}
                    continue
                if r.status not in ok:
                    raise StepFailed(f"{method} {urlsplit(url).path} answered {r.status}")
                return url, r.status, body.decode("utf-8", "replace")
        raise StepFailed("too many redirects: " + url)


ADAPTERS = {}

def adapter_class(name):
    """adapter is "path/to/module.py:Class"; Class implements the methods of Adapter."""
    if name in ADAPTERS:
        return ADAPTERS[name]
    path, _, cls = name.partition(":")
    spec = importlib.util.spec_from_file_location("adapter", path)
    module = importlib.util.module_from_spec(spec)
    module.Adapter, module.Question, module.StepFailed = Adapter, Question, StepFailed
    spec.loader.exec_module(module)
    found = getattr(module, cls or "Mingfa")
    return type(found.__name__, (found, Adapter), {})
