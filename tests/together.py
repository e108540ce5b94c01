"""Figures of many units read together (Indicator.of_units)."""
from django.db import connection
from django.test.utils import CaptureQueriesContext


def assert_together(indicator, units, period):
    """Each unit's figure is the one it has when asked for itself, in as many statements for all units as for one; some have
    a figure, so that this tells something."""
    with CaptureQueriesContext(connection) as for_one:
        indicator.of_units(units[:1], period)
    with CaptureQueriesContext(connection) as for_all:
        found = indicator.of_units(units, period)
    assert len(units) > 2
    assert found == {unit.pk: indicator.compute(unit, period) for unit in units}
    assert any(figure.value for figure in found.values())
    assert len(for_all) == len(for_one)
