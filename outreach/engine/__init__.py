"""Rules of the materials ledger and of the calendar. Pure: arguments in, values out, refusals as exceptions."""
