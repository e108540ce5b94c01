"""One candidate of a rehearsal: what a browser sends from signing in to the result, over one connection."""
import json
import random
import re
import time
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

PAYLOAD = re.compile(r'<script id="sitting-data" type="application/json">(.*?)</script>', re.DOTALL)
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
INPUT = re.compile(r'<input type="(radio|checkbox)" name="(q[0-9a-f]{6}\d+)" value="([^"]+)"')
SAVES = 6
PATIENCE, IDLE = 60, 3  # seconds: for a reply; that a connection is kept without use


class Failed(Exception):
    """The host did not do what a candidate needs."""


class Player:
    """Plays the steps in order; each raises Failed, or returns the seconds it took."""

    def __init__(self, host: str, exam: int, user: str, password: str):
        address = urlsplit(host)
        self.line = HTTPConnection(address.hostname, address.port, timeout=PATIENCE)
        self.exam, self.user, self.password, self.cookies = exam, user, password, {}
        self.used = 0.0

    def ask(self, method: str, path: str, fields=None, body: str = "", headers=None, ok=(200,)) -> tuple[str, str]:
        """(Location, text) of one exchange."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        if fields is not None:
            body, sent["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
        if time.monotonic() - self.used > IDLE:
            self.line.close()  # the server has closed it meanwhile; the request opens another
        self.used = time.monotonic()
        try:
            self.line.request(method, path, body.encode() if method == "POST" else None, sent)
            reply = self.line.getresponse()
            text = reply.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            self.line.close()
            raise Failed(f"{path}: {error}") from error
        for header in reply.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(header).items()}
        if reply.status not in ok:
            raise Failed(f"{path}: {reply.status}")
        return reply.headers.get("Location", ""), text

    def csrf(self, text: str) -> str:
        found = CSRF.search(text)
        if found is None:
            raise Failed("no form on the page")
        return found[1]

    def sign_in(self) -> None:
        page = f"/exams/{self.exam}/"
        _, text = self.ask("GET", f"/login/?next={page}")
        form = {"csrfmiddlewaretoken": self.csrf(text), "login": self.user, "password": self.password, "next": page}
        self.ask("POST", f"/login/?next={page}", form, ok=(302,))
        _, text = self.ask("GET", page)
        self.form = {"csrfmiddlewaretoken": self.csrf(text)}

    def start(self) -> float:
        """From the press to the paper. Returns seconds."""
        began = time.perf_counter()
        path, _ = self.ask("POST", f"/exams/{self.exam}/start/", self.form, ok=(302,))
        _, text = self.ask("GET", path)
        took = time.perf_counter() - began
        self.paper = json.loads(PAYLOAD.search(text)[1])
        self.form = {"csrfmiddlewaretoken": self.csrf(text), "token": self.paper["token"], "confirm": "1"}
        self.questions = {}
        for _, name, value in INPUT.findall(text):
            self.questions.setdefault(name, []).append(value)
        return took

    def answer(self) -> None:
        """Everything, in a few saves as the page sends them."""
        names, seq = list(self.questions), self.paper["seq"]
        headers = {"Content-Type": "application/json", "X-Sitting-Token": self.paper["token"]}
        for part in range(SAVES):
            changes = {}
            for name in names[part::SAVES]:
                seq += 1
                changes[name] = [[random.choice(self.questions[name])], seq]  # noqa: S311 - any answer does
            self.ask("POST", self.paper["save"], body=json.dumps({"changes": changes}), headers=headers)

    def hand_in(self) -> float:
        """From the press to the result. Returns seconds."""
        began = time.perf_counter()
        path, _ = self.ask("POST", self.paper["handin"], self.form, ok=(302,))
        self.ask("GET", path)
        return time.perf_counter() - began

    def leave(self) -> None:
        self.line.close()
