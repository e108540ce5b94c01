"""演练: an exam day played against this host with throw-away data (manage.py rehearse)."""
