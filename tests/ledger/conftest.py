import pytest

from tests.ledger.chart import Chart, chart_make


@pytest.fixture
def chart(db: None) -> Chart:
    return chart_make()
