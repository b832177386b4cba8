"""What a test run stands on: own data directory, a database, a browser, Hypothesis profiles."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from tests.postgres import find_programs, running_postgres

_ON_POSTGRES = "--database=postgres" in sys.argv
_IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_NO_POSTGRES = "no PostgreSQL server programs on this machine"
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# The property tests leave max_examples alone, so that `make soak` can raise it.
hypothesis.settings.register_profile("standard", deadline=None, print_blob=True)
hypothesis.settings.register_profile("soak", deadline=None, print_blob=True, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "standard"))


def _prepare_environment() -> None:
    # At import and not in pytest_configure: tests/desk/conftest.py, imported next, may import
    # models, and the settings read where the data lies and which database to take. Workers
    # inherit all of it.
    for name in [name for name in os.environ if name.startswith("NACHHAKEN_")]:
        del os.environ[name]  # the settings of the desk that somebody runs on this machine
    stack = ExitStack()
    atexit.register(stack.close)
    data = tempfile.mkdtemp(prefix="nachhaken-tests-")
    stack.callback(shutil.rmtree, data, ignore_errors=True)
    os.environ["NACHHAKEN_DATA"] = data
    # Playwright's blocking interface keeps an event loop running in the thread of the tests.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    programs = find_programs()
    if _ON_POSTGRES and programs:
        os.environ["NACHHAKEN_DATABASE"] = stack.enter_context(running_postgres(programs))


def _prepare_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "nachhaken.project.settings"
    import django
    from django.conf import settings

    # Argon2 is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()


if not _IS_WORKER:
    _prepare_environment()
_prepare_django()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgres"],
        default="sqlite",
        help="write it as --database=postgres; the server is started and removed by the run",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[object]) -> None:
    """Give each worker a data directory of its own, known before it reads the settings."""
    for number, spec in enumerate(specs):
        directory = Path(os.environ["NACHHAKEN_DATA"]) / f"worker{number}"
        directory.mkdir(exist_ok=True)
        spec.env["NACHHAKEN_DATA"] = str(directory)  # type: ignore[attr-defined]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    lacks_server = config.getoption("--database") == "postgres" and find_programs() is None
    for item in items:
        if lacks_server:
            item.add_marker(pytest.mark.skip(reason=_NO_POSTGRES))
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """Spare the collector what lives as long as the run: a tenth of all time went into it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Debian's Chromium, alone with itself: it calls nobody while the tests run."""
    if _CHROMIUM is None:
        # Counted as skipped; scripts/servers installs it wherever it can be had.
        pytest.skip("no Chromium on this machine")
    flags = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-dev-shm-usage",
        "--disable-extensions",
        "--disable-gpu",
        "--disable-sync",
        "--no-first-run",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    return {**browser_type_launch_args, "executable_path": _CHROMIUM, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "locale": "de-DE", "timezone_id": "Europe/Berlin"}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Stand in for pytest-playwright 0.10's own, which pytest 9.2 warns about."""
