"""What all tests share: a clock that stands still, a desk without a screen, and what fails a test: warnings, threads left behind."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from hypothesis import HealthCheck, settings
from tests.builders import Table, TestClock
from tests.servers import ejabberd, prosody
from tests.servers.federation import Federation
from tests.servers.names import Names

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
settings.register_profile(
    "netdesk", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("netdesk")
sys.setswitchinterval(0.0005)


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands still until it is moved."""
    return TestClock()


@pytest.fixture
def table(tmp_path: Path, clock: TestClock) -> Iterator[Table]:
    """An open desk database with its controllers and one account, all on this thread, no network."""
    made = Table(tmp_path / "desk", clock)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """A test that leaves a thread of the desk behind fails."""
    yield
    left = [one.name for one in threading.enumerate() if one.name.startswith(("store", "network")) and one.is_alive()]
    assert not left, f"threads left behind: {left}"


@pytest.fixture(autouse=True)
def no_unexpected_warnings(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A log line of level warning or above fails a test that does not say it expects one (marker `logs`)."""
    caplog.set_level(logging.INFO, logger="netdesk")
    yield
    if "logs" not in request.keywords:
        found = [one.getMessage() for one in caplog.get_records("call") if one.levelno >= logging.WARNING]
        assert not found, f"unexpected log: {found}"


def there(installed: bool, name: str) -> None:
    """Skip what needs a program that is not on this machine; in CI it must be there."""
    if not installed:
        assert not os.environ.get("CI"), f"{name} must be there in CI"
        pytest.skip(f"{name} is not installed; ./test --yes installs it")


@pytest.fixture(scope="session")
def prosody_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[prosody.Prosody]:
    there(prosody.installed(), "Prosody")
    with prosody.Prosody(tmp_path_factory.mktemp("prosody")) as server:
        yield server


@pytest.fixture(scope="session")
def ejabberd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ejabberd.Ejabberd]:
    there(ejabberd.installed(), "ejabberd")
    with ejabberd.Ejabberd(tmp_path_factory.mktemp("ejabberd")) as server:
        yield server


FIRST, SECOND = ("community.local",), ("elsewhere.example", "other.example")


@pytest.fixture(scope="session")
def federation() -> Iterator[Federation]:
    with Names() as names:
        yield Federation(names, trustme.CA())


@pytest.fixture(scope="session")
def prosody_federation(
    federation: Federation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[prosody.Prosody, prosody.Prosody]]:
    """Two servers of one kind that find and trust each other."""
    there(prosody.installed(), "Prosody")
    folder = tmp_path_factory.mktemp("federation")
    with (
        prosody.Prosody(folder / "one", hosts=FIRST, federation=federation) as one,
        prosody.Prosody(folder / "two", hosts=SECOND, federation=federation) as two,
    ):
        yield one, two


@pytest.fixture(scope="session")
def mixed_federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[prosody.Prosody, ejabberd.Ejabberd]]:
    """Two servers of different kinds that find and trust each other."""
    there(prosody.installed(), "Prosody")
    there(ejabberd.installed(), "ejabberd")
    folder = tmp_path_factory.mktemp("federation")
    with Names() as names:
        both = Federation(names, trustme.CA())
        with (
            prosody.Prosody(folder / "one", hosts=FIRST, federation=both) as one,
            ejabberd.Ejabberd(folder / "two", hosts=SECOND, federation=both) as two,
        ):
            yield one, two
