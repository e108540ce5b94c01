"""The product's settings for a real server, with the addresses of tests/house_urls.py added."""
from mingfa.settings import *  # noqa: F403

ROOT_URLCONF = "tests.house_urls"
