"""The board of the room on a real server: it renews itself over its socket."""
import pytest
from playwright.sync_api import expect

from tests.conftest import new_context

from .test_journal import PASSWORD, Room


@pytest.fixture
def room(data_folder, browser):
    made = Room(data_folder, browser)
    yield made
    for context in made.contexts:
        context.close()


def test_the_board_shows_who_starts_and_hands_in_without_being_asked_again(room, browser):
    with room.server() as server:
        room.port = server.url.rsplit(":", 1)[1]
        room.folder.manage("shell", "-v0", "-c", SETTER)
        context = new_context(browser, viewport={"width": 1440, "height": 900}, base_url=server.url)
        board = context.new_page()
        board.goto(f"/login/?next=/exams/{room.exam}/room/")
        board.fill("input[name=login]", "boardsetter")
        board.fill("input[name=password]", PASSWORD)
        board.click("main button[type=submit]")
        expect(board.locator("#live")).to_contain_text("未进入 2")
        page = room.device(server.url)
        expect(board.locator("#live")).to_contain_text("作答中 1")
        page.locator(".mf-exambar .hand").evaluate("button => button.click()")
        page.click("#handin")
        page.wait_for_url("**/result/")
        expect(board.locator("#live")).to_contain_text("已交卷 1")
        context.close()


SETTER = f"""
from django.utils import timezone
from mingfa.people import actions
from mingfa.people.models import OrgUnit, User
boss = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("boardboss", name="管理")
root = OrgUnit.objects.order_by("path").first()
user = actions.create_person(name="监考", unit=root, category="civil", by=boss, now=timezone.now(), username="boardsetter")
user.set_password("{PASSWORD}")
user.must_change_password = False
user.save()
actions.grant_role(user, role="setter", unit=root, by=boss, now=timezone.now())
"""
