"""One database of a bench, in a process of its own: settings are read once in a process."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from bench.exam_day import ROOT


def played(script: str, database: str, *arguments: str) -> dict:
    """Run `script --child ARGUMENTS` on an empty database ("sqlite" or "postgres") that is thrown away behind it.

    Returns:
        The figures, which the script prints as its last line, as JSON.
    """
    data, name = tempfile.mkdtemp(prefix="mingfa-bench-"), f"mingfa_bench_{os.getpid()}"
    env = {**os.environ, "MINGFA_DATA": data, "DJANGO_SETTINGS_MODULE": "mingfa.settings",
           "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}  # fmt: skip
    env.pop("DATABASE_URL", None)
    psql = ["psql", "-h", "127.0.0.1", "-U", "postgres", "-d", "postgres", "-qc"]
    if database == "postgres":
        subprocess.run([*psql, f'CREATE DATABASE "{name}"'], check=True)
        # One process of the database does all the work, so that its CPU is all there is.
        env["PGOPTIONS"] = "-c max_parallel_workers_per_gather=0"
        env["DATABASE_URL"] = f"postgres://postgres@127.0.0.1:5432/{name}"
    try:
        done = subprocess.run([sys.executable, script, "--child", *arguments], env=env, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(done.returncode)
        return json.loads(done.stdout.splitlines()[-1])
    finally:
        shutil.rmtree(data, ignore_errors=True)
        if database == "postgres":
            subprocess.run([*psql, f'DROP DATABASE "{name}" WITH (FORCE)'], check=True)
