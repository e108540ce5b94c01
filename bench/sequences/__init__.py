"""Random sequences of what can happen to a sitting, a witness that keeps its own record, and the rooms they play in."""
