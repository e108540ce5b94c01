"""The server command: what it refuses, how it stops, what survives kill -9."""
import re
import signal
import subprocess
from types import SimpleNamespace

import pytest
import requests
from django.db import connection
from mingfa import guard

from tests.servers import running_server

SAFE = {"DEBUG": False, "ALLOWED_HOSTS": ["law.example"], "SECRET_KEY": "0123456789" * 5}


def refusals(host="192.0.2.7", **changed):
    return [line.split("：")[0] for line in guard.refusals(host, SimpleNamespace(**{**SAFE, **changed}))]


def test_safe_settings_may_be_served_to_others():
    assert refusals() == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"DEBUG": True}, ["DEBUG"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["ALLOWED_HOSTS"]),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}, ["ALLOWED_HOSTS"]),
        ({"SECRET_KEY": "short"}, ["SECRET_KEY"]),
        ({"SECRET_KEY": "a" * 60}, ["SECRET_KEY"]),
        ({"DEBUG": True, "SECRET_KEY": ""}, ["DEBUG", "SECRET_KEY"]),
    ],
)
def test_unsafe_settings_are_refused_by_name(changed, named):
    assert refusals(**changed) == named


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_on_loopback_the_defaults_are_fine(host):
    assert refusals(host, DEBUG=True, ALLOWED_HOSTS=[], SECRET_KEY="") == []


def test_the_server_does_not_start_for_others_with_unsafe_settings(data_folder):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        data_folder.manage("serve", "--host", "0.0.0.0", "--port", "0", DEBUG="1")
    assert [line.split("：")[0].strip() for line in refused.value.stderr.strip().splitlines()[-2:]] == [
        "DEBUG",
        "ALLOWED_HOSTS",
    ]


def test_after_kill_the_server_starts_again_and_stops_in_order(data_folder):
    with running_server(data_folder) as server:
        assert requests.get(server.url + "/login/", timeout=60).status_code == 200
        server.kill()
    with running_server(data_folder) as server:
        assert requests.get(server.url + "/login/", timeout=60).status_code == 200
        assert server.stop(signal.SIGINT) == 0
    assert server.log[-1] == "已停止。\n"


def test_AL6_the_log_of_a_failure_names_the_place_but_not_what_was_sent(data_folder):
    with running_server(data_folder, DJANGO_SETTINGS_MODULE="tests.house_settings") as server:
        page = requests.post(server.url + "/house/fail/", data={"answer": "选项丙"}, timeout=60)
        assert server.stop(signal.SIGTERM) == 0
    log = "".join(server.log)
    assert page.status_code == 500
    assert re.findall(r"500-\w{4}", log) == re.findall(r"500-\w{4}", page.text)
    assert re.findall(r"house_urls\.py:\d+ (\w+)", log) == ["fail"]
    assert "选项丙" not in log
    assert server.log[-1] == "已停止。\n"


def test_demo_data_whose_loading_was_cut_off_is_cleared_away(data_folder):
    marker = data_folder.path / "demo-unfinished"
    marker.touch()
    if connection.vendor != "sqlite":
        assert "换一个空的数据库" in refused_start(data_folder, port=0)
        return
    code = f"""
from pathlib import Path
from mingfa.management.commands.serve import Command
Command().start_over(Path({str(marker)!r}))
"""
    data_folder.manage("shell", "-v0", "-c", code)
    assert [path.name for path in data_folder.path.iterdir() if path.name != "secret-key"] == []


def test_a_second_server_on_the_same_data_or_port_is_refused(data_folder, new_data_folder):
    with running_server(data_folder) as server:
        if connection.vendor == "sqlite":
            assert "SQLite 只支持一个进程" in refused_start(data_folder, port=0)
        assert "换一个端口" in refused_start(new_data_folder(), port=server.url.rpartition(":")[2])


def refused_start(data, *, port):
    """Return what the server says when it refuses to start."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        data.manage("serve", "--port", port)
    return refused.value.stderr
