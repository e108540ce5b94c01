"""How one candidate's sitting is played against this product: byte for byte what its pages send.

The load driver (bench/load/exam_day.py) provides Adapter, Question and StepFailed when it loads this file.
"""
import json
import re

INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
PAYLOAD = re.compile(r'<script id="sitting-data" type="application/json">(.*?)</script>', re.S)
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Mingfa:
    """Adapter of 明法 Mingfa: form sign-in, the paper's own page, JSON saves with the sitting's token."""

    def csrf(self, text):
        found = CSRF.search(text)
        if not found:
            raise StepFailed("no form on the page")  # noqa: F821 - given by the driver
        return found.group(1)

    async def login(self, c):
        path = f"/login/?next=/exams/{self.exam}/"
        with c.step("login"):
            _, _, text = await self.get(c, path)
            form = {
                "csrfmiddlewaretoken": self.csrf(text), "login": c.user, "password": c.password,
                "next": f"/exams/{self.exam}/",
            }  # fmt: skip
            url, status, _ = await self.post(c, path, form, until=f"/exams/{self.exam}/")
            if status != 302 or not url.endswith(f"/exams/{self.exam}/"):
                raise StepFailed(f"sign-in ended at {url}")  # noqa: F821

    async def open(self, c):
        with c.step("open"):
            _, _, text = await self.get(c, f"/exams/{self.exam}/")
            c.state["csrf"] = self.csrf(text)

    async def start(self, c):
        with c.step("start"):
            form = {"csrfmiddlewaretoken": c.state["csrf"], "code": "BENCH1"}
            url, status, _ = await self.post(c, f"/exams/{self.exam}/start/", form, until="/sittings/")
            if status != 302:
                raise StepFailed("no sitting was started")  # noqa: F821
        with c.step("paper"):
            _, _, text = await self.get(c, url)
            return self.read_paper(c, url, text)

    def read_paper(self, c, url, text):
        payload = json.loads(PAYLOAD.search(text).group(1))
        c.state.update(url=url, payload=payload, seq=payload["seq"], sent={}, csrf=self.csrf(text))
        questions, chosen = {}, {}
        for tag in INPUT.findall(text):
            attributes = dict(ATTRIBUTE.findall(tag))
            name = attributes.get("name", "")
            if attributes.get("type") not in ("radio", "checkbox") or not re.fullmatch(r"q[0-9a-f]{6}\d+", name):
                continue
            kind = "single" if attributes["type"] == "radio" else "multi"
            questions.setdefault(name, (kind, []))[1].append(attributes["value"])
            if re.search(r"\schecked\b", tag):
                chosen.setdefault(name, []).append(attributes["value"])
        c.state["chosen"] = chosen
        if not questions:
            raise StepFailed("the paper has no questions")  # noqa: F821
        return [Question(name, kind, options) for name, (kind, options) in questions.items()]  # noqa: F821

    async def save(self, c, answers):
        changes = {}
        for name, options in answers.items():
            if c.state["sent"].get(name) != options:
                c.state["seq"] += 1
                changes[name] = [options, c.state["seq"]]
        headers = {"Content-Type": "application/json", "X-Sitting-Token": c.state["payload"]["token"]}
        with c.step("save"):
            body = json.dumps({"changes": changes}, separators=(",", ":"))
            _, _, text = await self.post(c, c.state["payload"]["save"], body, headers=headers)
            reply = json.loads(text)
            if {name: seq for name, (_, seq) in changes.items()} != reply["saved"]:
                raise StepFailed("the receipt names other answers")  # noqa: F821
        c.state["sent"].update({name: list(answers[name]) for name in changes})

    async def submit(self, c, answers):
        form = [
            ("csrfmiddlewaretoken", c.state["csrf"]), ("token", c.state["payload"]["token"]), ("sheet", "1"),
            *((name, option) for name, options in answers.items() for option in options),
            ("confirm", "1"),
        ]  # fmt: skip
        with c.step("submit"):
            url, status, _ = await self.post(c, c.state["payload"]["handin"], form, until="/result/")
            if status != 302:
                raise StepFailed("the paper was not handed in")  # noqa: F821
            c.state["result"] = url

    async def result(self, c):
        with c.step("result"):
            _, _, text = await self.get(c, c.state["result"])
            found = re.search(r'data-mark="([0-9.]+)"', text)
            if not found:
                raise StepFailed("no mark on the result page")  # noqa: F821
            return found.group(1)

    async def read_back(self, c):
        url, _, text = await self.get(c, c.state["url"])
        if "/login/" in url:
            c.relogged = True
            await self.login(c)
            _, _, text = await self.get(c, c.state["url"])
        self.read_paper(c, c.state["url"], text)
        return c.state["chosen"]

    async def report_pages(self, c):
        return {"board": f"/board/?exam={self.exam}"}
