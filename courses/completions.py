"""“Has this person finished that course”, for the eligibility of exams; read through its file name, not imported."""
from .queries import has_finished

__all__ = ["has_finished"]
