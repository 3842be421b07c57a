"""Child processes that read mail: warm, limited in memory and time, killed and replaced when they overstep."""

import multiprocessing
import secrets
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from multiprocessing.context import ForkServerContext
from typing import Generic, Self, TypeVar

from models.case import Triaged
from models.mail import Defect, RawMessage
from triage.adapters import work_child
from triage.adapters.triaged_json import from_json, to_json
from triage.adapters.worktime import await_work
from triage.errors import ReadingError, WorkError

MESSAGES_PER_CHILD = 2000  # then a fresh one: what libraries leak ends with it
LOADING_SECONDS = 120.0
BROKEN_OFF = "reading was broken off"
FIRST_PART = 16_384
"""Octets of a message that are read where the whole cannot be."""
SHARE_OF_WHOLE = 0.65
"""Of the time for a message larger than that, how much its reading as a whole may take."""


Read = TypeVar("Read")


class Children(Generic[Read]):
    """A pool of `workers` children; use it as a context manager.

    `make_reader` is a top-level function (or a partial of one) that every child calls once; it loads what reading takes
    and gives the function from message to what is read of it. `encode` and `decode`, top-level functions too, carry
    that from the child to here; `decode` raises ValueError. `preload` names modules that are imported once for all
    children. A message may take `seconds`, and a child `megabytes` in all. Each child has a pipe of its own, on which
    only octets come back: nothing that a child says is unpickled.
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
        self._new = partial(_Child, context, (make_reader, encode, seconds, megabytes))
        self._lock = threading.Lock()
        self._all: set[_Child] = set()
        self._idle: list[_Child] = []
        self._closed = False
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, raw: RawMessage) -> Future[Read]:
        """What is read of `raw`, to come. It fails with ReadingError (this message) or WorkError (every message)."""
        try:
            return self._threads.submit(self._read, raw)
        except RuntimeError as fault:
            raise WorkError(f"the child processes have ended ({fault}); start the program again") from fault

    def close(self) -> None:
        """Kill the children; what they were reading is read again another time."""
        with self._lock:
            self._closed = True
            for child in self._all:
                child.kill()
        self._threads.shutdown()
        for child in self._all:
            child.end()

    def _read(self, raw: RawMessage) -> Read:
        return self._asked(raw, self._seconds)

    def _asked(self, raw: RawMessage, seconds: float) -> Read:
        child = self._taken()
        try:
            answer = child.ask(raw, seconds)
        except ReadingError as fault:
            raise (WorkError(BROKEN_OFF) if self._closed else fault) from None
        finally:
            self._give_back(child)
        return self._opened(answer)

    def _taken(self) -> "_Child":
        """A child for one message, a new one where none is idle."""
        with self._lock:
            if self._closed:
                raise WorkError(BROKEN_OFF)
            while self._idle:
                child = self._idle.pop()
                if child.lives():
                    return child
                self._all.discard(child)
            try:
                child = self._new()
            except OSError as fault:
                raise WorkError(f"no child process can be started ({fault}); start the program again") from fault
            self._all.add(child)
        return child

    def _give_back(self, child: "_Child") -> None:
        with self._lock:
            if child.lives() and child.answered < MESSAGES_PER_CHILD:
                self._idle.append(child)
                return
            self._all.discard(child)
        child.end()

    def _opened(self, answer: bytes) -> Read:
        kind, content = answer[:1], answer[1:]
        if kind == work_child.READ:
            try:
                return self._decode(content)
            except ValueError as fault:
                raise ReadingError("the reading process gave no reading") from fault
        raise ReadingError(content.decode("utf-8", "replace")[: work_child.MOST_SAID])


class _Child:
    """One process, and the pipe to it."""

    def __init__(self, context: ForkServerContext, arguments: tuple[object, ...]) -> None:
        self._asked, theirs = context.Pipe()
        self._process = context.Process(target=work_child.serve, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()
        self._ready = False
        self.answered = 0

    def ask(self, raw: RawMessage, seconds: float) -> bytes:
        """The child's answer to a message. ReadingError, and the child is dead, when it gives none in `seconds`;
        WorkError when it cannot be made ready.
        """
        self._get_ready()
        mark = secrets.token_bytes(work_child.MARK)
        try:
            answer = self._answer((mark, raw), seconds)
        except TimeoutError:
            raise ReadingError(f"reading took longer than {seconds:g} seconds") from None
        except (EOFError, OSError):
            self.end()
            if self._process.exitcode == -signal.SIGTERM:
                raise WorkError(BROKEN_OFF) from None
            raise ReadingError(f"the reading process died ({_death(self._process.exitcode)})") from None
        self.answered += 1
        if not answer.startswith(mark):
            self.end()
            raise ReadingError("the reading process answered what it was not asked")
        return answer.removeprefix(mark)

    def lives(self) -> bool:
        """Whether it can be asked: it runs, and has not said what nobody asked."""
        return not self._asked.closed and not self._asked.poll() and self._process.is_alive()

    def kill(self) -> None:
        """Kill the process; whoever waits for its answer is told at once."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process and wait for its end."""
        self.kill()
        self._process.join()
        self._asked.close()

    def _get_ready(self) -> None:
        if self._ready:
            return
        try:
            said = self._answer(None, LOADING_SECONDS)
        except (TimeoutError, EOFError, OSError):
            self.end()
            why = f"the reading process ended while it was loading ({_death(self._process.exitcode)})"
        else:
            self._ready = said == work_child.READY
            why = f"mail cannot be read: {said[1:].decode('utf-8', 'replace')}; see `triage check`"
        if not self._ready:
            raise WorkError(why)

    def _answer(self, question: tuple[bytes, RawMessage] | None, seconds: float) -> bytes:
        """What the child says next; asked `question` first. TimeoutError, and the child is dead, after `seconds`.

        The time is kept by a thread, for a child can also halt in the middle of what it takes or gives.
        """
        overdue, answered = threading.Event(), threading.Event()
        clock = threading.Thread(target=self._keep_time, args=(seconds, answered, overdue), daemon=True)
        clock.start()
        try:
            if question is not None:
                self._asked.send(question)
            answer = self._asked.recv_bytes(work_child.MOST_OCTETS)
        except (EOFError, OSError):
            if overdue.is_set():
                self.end()
                raise TimeoutError from None
            raise
        finally:
            answered.set()
            clock.join()  # a child that it killed must not be asked again
        return answer

    def _keep_time(self, seconds: float, answered: threading.Event, overdue: threading.Event) -> None:
        if not await_work(self._process.pid or 0, seconds, answered.wait):
            overdue.set()
            self.kill()


class ChildReaders(Children[Triaged]):
    """Children that triage. Implements `triage.ports.Readers`.

    Where the reading of a message fails, its beginning is read in what time is left, and a defect says so: staff see
    who wrote, and what.
    """

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
        left = seconds * (1 - SHARE_OF_WHOLE)
        self._beginnings = Children(make_reader, to_json, from_json, workers=1, seconds=left, megabytes=megabytes)
        self._warm: Future[Triaged] | None = None
        self._many = workers > 1

    def submit(self, raw: RawMessage) -> Future[Triaged]:
        """As `Children.submit`; the child that reads beginnings makes itself ready, unless all is small and little."""
        if self._many or len(raw.octets) > FIRST_PART:
            self._warmed()
        return super().submit(raw)

    def _warmed(self) -> Future[Triaged]:
        """The readiness of the child that reads beginnings, to come."""
        with self._lock:
            if self._warm is None and not self._closed:
                self._warm = self._beginnings.submit(work_child.FIRST)
            warm = self._warm
        if warm is None:
            raise WorkError(BROKEN_OFF)
        return warm

    def close(self) -> None:
        """Kill the children; what they were reading is read again another time."""
        super().close()
        self._beginnings.close()

    def _read(self, raw: RawMessage) -> Triaged:
        if len(raw.octets) <= FIRST_PART:
            return self._asked(raw, self._seconds)
        wait([self._warmed()])  # before the time runs: loading takes longer than a message may
        try:
            return self._asked(raw, self._seconds * SHARE_OF_WHOLE)
        except ReadingError as fault:
            try:
                part = self._beginnings.submit(replace(raw, octets=_beginning(raw.octets))).result()
            except ReadingError:
                self._warm = None  # it has died, and loads anew before it is needed
                self._warmed()
                raise fault from None
            told = Defect(code="read-in-part", detail=f"{fault}; the first {FIRST_PART} octets were read")
            return replace(part, mail=replace(part.mail, defects=(*part.mail.defects, told)))


def _beginning(octets: bytes) -> bytes:
    """The first part of a message, whole lines where there are some: half a line of base64 is no file."""
    first = octets[:FIRST_PART]
    return first[: first.rfind(b"\n") + 1] or first


def _death(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            return signal.Signals(-exitcode).name
        except ValueError:
            pass
    return f"status {exitcode}"
