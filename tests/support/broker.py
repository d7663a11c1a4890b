"""The brokers that carry tasks: a test that asks for ``broker_url`` runs once on each."""

import pytest

BROKERS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("redis", "rabbitmq")]


@pytest.fixture(params=BROKERS)
def broker_url(request: pytest.FixtureRequest) -> str:
    """Shared by the whole session: give your queues names of their own."""
    return str(request.getfixturevalue(f"{request.param}_url"))
