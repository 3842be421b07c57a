from datetime import timedelta

from tests.browser.seed import NOW
from triage.web.throttle import LIMITS, MOST_KEYS, WINDOW, Throttle


def test_another_address_may_still_try_an_account() -> None:
    throttle = Throttle()
    for _ in range(LIMITS["account and address"]):
        throttle.failed("ingrid", "10.0.0.1", NOW)
    assert throttle.wait("ingrid", "10.0.0.1", NOW) == WINDOW
    assert throttle.wait("ingrid", "10.0.0.2", NOW) is None


def test_many_addresses_cannot_share_out_the_guessing() -> None:
    throttle = Throttle()
    for number in range(LIMITS["account"]):
        throttle.failed("ingrid", f"10.0.0.{number}", NOW)
    assert throttle.wait("ingrid", "10.0.1.1", NOW) is not None


def test_one_address_cannot_try_one_password_on_everybody() -> None:
    throttle = Throttle()
    for number in range(LIMITS["address"]):
        throttle.failed(f"name{number}", "10.0.0.1", NOW)
    assert throttle.wait("another", "10.0.0.1", NOW) is not None


def test_failures_are_forgotten_with_time_and_by_success() -> None:
    throttle = Throttle()
    for _ in range(LIMITS["account and address"]):
        throttle.failed("ingrid", "10.0.0.1", NOW)
    assert throttle.wait("ingrid", "10.0.0.1", NOW + WINDOW) is None
    throttle.failed("ingrid", "10.0.0.1", NOW + WINDOW)
    throttle.succeeded("ingrid", "10.0.0.1")
    assert throttle.wait("ingrid", "10.0.0.1", NOW + WINDOW + timedelta(seconds=1)) is None


def test_it_takes_no_more_room_than_it_may() -> None:
    throttle = Throttle()
    for number in range(MOST_KEYS):
        throttle.failed(f"name{number}", f"address{number}", NOW)
    assert len(throttle._failures) <= MOST_KEYS
