"""run.py, the part that can be asked without installing anything."""
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import rounds
from tests.conftest import same_everywhere
from tests.servers import ROOT

spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
run = importlib.util.module_from_spec(spec)
spec.loader.exec_module(run)


def test_without_a_command_it_serves_on_loopback():
    options, command, rest = run.parse([])
    assert (options.host, options.port, options.data, options.no_demo) == ("127.0.0.1", 8000, None, False)
    assert (command, rest) == (None, [])


def test_what_follows_the_command_is_left_alone():
    options, command, rest = run.parse(["--data", "test", "test", "-k", "manage", "--port", "1"])
    assert (options.data, command, rest) == (Path("test"), "test", ["-k", "manage", "--port", "1"])


@pytest.mark.parametrize("arguments", [["nonsense"], ["--port", "many"], ["--unknown"]])
def test_wrong_usage_ends_with_two(arguments):
    done = subprocess.run([sys.executable, ROOT / "run.py", *arguments], capture_output=True)
    assert done.returncode == 2


def test_the_data_folder_is_told_to_everything_that_is_started(tmp_path, monkeypatch):
    monkeypatch.delenv("MINGFA_DATA", raising=False)
    data = [run.environment(run.parse(words)[0])["MINGFA_DATA"] for words in ([], ["--data", str(tmp_path)])]
    assert data == [str(ROOT / "var"), str(tmp_path)]


def test_pips_settings_reach_uv_and_what_uv_was_told_stays():
    pip = {
        "index-url": "file:///mirror/simple",
        "extra-index-url": "file:///a\nfile:///b",
        "find-links": "/wheels /more",
        "trusted-host": "mirror.example",
        "cert": "/ca.pem",
        "default-timeout": "60",
        "proxy": "http://proxy.example:8080",
    }
    assert run.uv_environment(pip, {"PATH": "/bin", "UV_HTTP_TIMEOUT": "5"}) == {
        "PATH": "/bin",
        "UV_DEFAULT_INDEX": "file:///mirror/simple",
        "UV_INDEX": "file:///a file:///b",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_INSECURE_HOST": "mirror.example",
        "UV_HTTP_TIMEOUT": "5",
        "SSL_CERT_FILE": "/ca.pem",
        "ALL_PROXY": "http://proxy.example:8080",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_LINK_MODE": "copy",
    }


def test_pips_settings_are_read_from_its_files_and_the_environment(tmp_path, monkeypatch):
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = file:///global\ntimeout = 7\n[install]\nindex-url = file:///install\n")
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    found = run.pip_settings({**clean, "PIP_CONFIG_FILE": str(config), "PIP_TIMEOUT": "9"})
    assert (found["index-url"], found["timeout"]) == ("file:///install", "9")


def test_addresses_for_the_network_are_added_to_those_already_there():
    env = {"ALLOWED_HOSTS": "law.example"}
    run.allow(["192.0.2.7", "office-pc"], 8000, env)
    assert env == {
        "ALLOWED_HOSTS": "law.example,192.0.2.7,office-pc",
        "CSRF_TRUSTED_ORIGINS": "http://192.0.2.7:8000,http://office-pc:8000",
    }


def test_own_addresses_leave_loopback_out():
    assert [address for address in run.own_addresses() if address.startswith("127.")] == []


def test_a_step_is_done_once_for_the_same_state(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "VENV", tmp_path)
    times = []
    for state in ("one", "one", "two"):
        run.step("title", "name", state, lambda env, state=state: times.append(state), {}, "hint")
    assert times == ["one", "two"]


def test_a_failing_step_says_which_and_what_to_do_and_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "VENV", tmp_path)

    def fail(env):
        raise subprocess.CalledProcessError(1, ["uv"])

    for _ in range(2):
        with pytest.raises(run.Problem) as problem:
            run.step("安装", "name", "state", fail, {}, "检查网络")
        assert str(problem.value).splitlines()[0].endswith("安装")
        assert str(problem.value).splitlines()[-1].strip() == "检查网络"


@pytest.mark.parametrize("there", [True, False])
def test_a_linked_environment_is_never_cleared_and_what_to_do_is_said(tmp_path, monkeypatch, there):
    elsewhere, link = tmp_path / "elsewhere", tmp_path / ".venv"
    if there:
        elsewhere.mkdir()
        (elsewhere / "kept").write_text("x")
    link.symlink_to(elsewhere)
    monkeypatch.setattr(run, "VENV", link)
    with pytest.raises(run.Problem) as problem:
        run.prepare(dict(os.environ))
    assert str(problem.value).startswith(f".venv 是符号链接，指向 {elsewhere.resolve()}")
    assert "rm .venv" in str(problem.value)
    assert link.is_symlink()
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["kept"] * there


def test_in_ci_a_missing_browser_is_a_failure(monkeypatch):
    monkeypatch.setattr(run, "browser_path", lambda env: None)
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)
    with pytest.raises(run.Problem):
        run.find_browser({}, needed=True)


def test_without_a_browser_it_says_so_loudly(monkeypatch, capsys):
    monkeypatch.setattr(run, "browser_path", lambda env: None)
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)
    run.find_browser({}, needed=False)
    assert "浏览器测试全部跳过" in capsys.readouterr().out


def round_of(folder, body, *options):
    """One round over a test file of this body, in a project of its own; its exit code and closing lines."""
    (folder / "test_one.py").write_text("import pathlib\nseen = pathlib.Path(__file__).with_name('seen')\n" + body)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-c", folder / "pytest.ini", folder, *options]
    return rounds.run(command, {"PATH": os.environ["PATH"]}, once_more=True)


def test_what_fails_once_and_passes_alone_is_told_but_fails_nothing(tmp_path):
    body = "def test_it():\n    first = not seen.exists()\n    seen.touch()\n    assert not first\n"
    code, (first, again) = round_of(tmp_path, body)
    assert (code, rounds.failures(first), rounds.failures(again)) == (0, 1, 0)
    assert again.startswith("单独再跑一遍")


def test_what_fails_twice_or_too_often_fails(tmp_path):
    assert round_of(tmp_path, "def test_it():\n    assert False\n")[0] == 1
    many = "".join(f"def test_{number}():\n    assert seen.exists()\n" for number in range(rounds.FEW + 1))
    code, lines = round_of(tmp_path, many)
    assert (code, len(lines), rounds.failures(lines[0])) == (1, 1, rounds.FEW + 1)


def test_after_a_crash_nothing_is_made_good_by_running_it_once_more(tmp_path):
    body = "def test_it():\n    if not seen.exists():\n        seen.touch()\n        __import__('os')._exit(1)\n"
    code, lines = round_of(tmp_path, body, "-n", "2", "--dist", "loadfile")
    assert (code, lines[0]) == (1, rounds.CRASHED)


def test_the_closing_line_of_pytest_is_found_and_what_it_left_out(capfdbinary):
    program = "print('left out, 3'); print('x'); print('\\x1b[32m== 3 passed in 1s ==\\x1b[0m')"
    code, told = rounds.pytest([sys.executable, "-c", program], dict(os.environ))
    assert (code, told) == (0, ["left out, 3", "== 3 passed in 1s =="])


def test_without_a_database_a_test_runs_in_the_first_round_only(request):
    assert same_everywhere(request.node) == "need no database"


def test_with_a_browser_a_test_runs_in_the_first_round_only(request, db, browser):
    assert same_everywhere(request.node) == "drive a browser"


def test_with_the_test_database_it_runs_in_both(request, db):
    assert same_everywhere(request.node) == ""


@pytest.mark.django_db
def test_with_the_mark_it_runs_in_both(request):
    assert same_everywhere(request.node) == ""


def test_with_a_server_it_runs_in_both(request, new_data_folder):
    assert same_everywhere(request.node) == ""
