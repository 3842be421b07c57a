"""Child processes that read mail: warm, limited in memory and time, killed and replaced when they overstep."""

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from typing import Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from models.case import Triaged
from models.mail import RawMessage
from triage.adapters import work_child
from triage.adapters.triaged_json import from_json, to_json
from triage.errors import ReadingError, WorkError

MESSAGES_PER_CHILD = 2000  # then a fresh one: what libraries leak ends with it


Read = TypeVar("Read")


class Children(Generic[Read]):
    """A pool of `workers` children; use it as a context manager.

    `make_reader` is a top-level function (or a partial of one) that every child calls once; it loads what reading takes
    and gives the function from message to what is read of it. `encode` and `decode`, top-level functions too, carry
    that from the child to here; `decode` raises ValueError. `preload` names modules that are imported once for all
    children. A message may take `seconds` and `megabytes`.
    """

    def __init__(
        self,
        make_reader: Callable[[], Callable[[RawMessage], Read]],
        encode: Callable[[Read], bytes],
        decode: Callable[[bytes], Read],
        *,
        workers: int,
        seconds: float,
        megabytes: int,
        preload: Sequence[str] = (),
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([work_child.__name__, *preload])
        self._seconds = seconds
        self._decode = decode
        self._open: set[Future[Read]] = set()
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=MESSAGES_PER_CHILD,
            initializer=work_child.load,
            initargs=(make_reader, encode, megabytes),
            context=context,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, raw: RawMessage) -> Future[Read]:
        """What is read of `raw`, to come. It fails with ReadingError (this message) or WorkError (every message)."""
        promise: Future[Read] = Future()
        try:
            answer = self._pool.schedule(work_child.read, args=(raw, self._seconds), timeout=self._seconds)
        except RuntimeError as fault:
            raise WorkError(f"the child processes have ended ({fault}); start the program again") from fault
        self._open.add(promise)
        answer.add_done_callback(lambda done: self._keep(promise, done))
        return promise

    def close(self) -> None:
        """Kill the children; what they were reading is read again another time."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        for promise in list(self._open):  # pebble leaves those it did not begin as they are
            self._keep(promise, _cancelled())

    def _keep(self, promise: Future[Read], done: Future[bytes]) -> None:
        if promise not in self._open:
            return
        self._open.discard(promise)
        if not promise.set_running_or_notify_cancel():
            return
        try:
            promise.set_result(self._opened(self._answered(done)))
        except (ReadingError, WorkError) as fault:
            promise.set_exception(fault)

    def _answered(self, done: Future[bytes]) -> bytes:
        try:
            return done.result()
        except TimeoutError:
            raise ReadingError(f"reading took longer than {self._seconds:g} seconds") from None
        except ProcessExpired as fault:
            raise ReadingError(f"the reading process died ({_death(fault.exitcode)})") from None
        except CancelledError:
            raise WorkError("reading was broken off") from None
        except Exception as fault:  # pebble hands on whatever went wrong on the way
            raise ReadingError(f"the reading process failed: {type(fault).__name__}: {fault}") from fault

    def _opened(self, answer: bytes) -> Read:
        kind, content = answer[:1], answer[1:]
        if kind == work_child.READ:
            try:
                return self._decode(content)
            except ValueError as fault:
                raise ReadingError("the reading process gave no reading") from fault
        said = content.decode("utf-8", "replace")
        if kind == work_child.NO_READER:
            raise WorkError(f"mail cannot be read: {said}; see `triage check`")
        raise ReadingError(said)


class ChildReaders(Children[Triaged]):
    """Children that triage. Implements `triage.ports.Readers`."""

    def __init__(
        self,
        make_reader: Callable[[], Callable[[RawMessage], Triaged]],
        *,
        workers: int,
        seconds: float,
        megabytes: int,
        preload: Sequence[str] = (),
    ) -> None:
        super().__init__(
            make_reader, to_json, from_json, workers=workers, seconds=seconds, megabytes=megabytes, preload=preload
        )


def _cancelled() -> Future[bytes]:
    never: Future[bytes] = Future()
    never.cancel()
    return never


def _death(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            return signal.Signals(-exitcode).name
        except ValueError:
            pass
    return f"status {exitcode}"
