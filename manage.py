#!/usr/bin/env python3
"""Django's command line, with both code roots on the path."""
import os
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent / "platform"))

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingfa.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
