"""What browser tests do on an open paper."""
from exams.engine.sheet import load
from exams.models import Sitting
from exams.papers import keys_of, paper_of

from . import scene

# What the browser says when the line went before the paper could be put aside.
WORKER = "fetching the script"


def stop_the_clock(page):
    """From now on time passes on the page only as the test says, and however slow the machine is."""
    # A page that still asks for its state while it is reloaded would log that a newer one has taken over.
    page.wait_for_load_state("networkidle")
    page.clock.install()
    page.reload()
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)


def stored(sitting):
    return {place: answer for place, (answer, _) in load(Sitting.objects.get(pk=sitting.pk).answers).items()}


def choose_right(page, sitting, place):
    paper = paper_of(sitting.pk)
    for name in scene.answer_names(paper, place, keys_of(paper)[place][1]):
        row = page.locator(f"label:has(input[name={paper.names.questions[place]}][value='{name}'])")
        row.evaluate("row => row.scrollIntoView({block: 'center'})")
        row.click()
