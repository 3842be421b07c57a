"""A private PostgreSQL on loopback. As root it drops to the user postgres: the server refuses to run as root."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from triage.demo.loopback import free_port

FAST = "-c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def programs() -> Path | None:
    """Folder of the newest installed PostgreSQL server's programs, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = shutil.which("initdb")
    return debian[-1].parent if debian else Path(found).parent if found else None


def absent() -> str:
    """Why no PostgreSQL can be started here, or an empty string."""
    return "" if programs() else "PostgreSQL (the Debian package postgresql) is not installed"


class Postgres:
    """A running PostgreSQL server, without durability unless `options` say so. Use it as a context manager.

    `environment` is added to the server's own.
    """

    def __init__(self, options: str = FAST, environment: Mapping[str, str] | None = None) -> None:
        found = programs()
        if found is None:
            raise RuntimeError(absent())
        self._programs = found
        self._root = os.geteuid() == 0
        self._databases = 0
        self._options, self._environment = options, dict(environment or {})
        self.folder = Path(tempfile.mkdtemp(prefix="deskpg", dir="/tmp"))
        self.port = free_port()

    def __enter__(self) -> Self:
        if self._root:
            shutil.chown(self.folder, "postgres", "postgres")
        cluster = str(self.folder / "cluster")
        encoding = ["--locale=C.UTF-8", "-E", "UTF8"]
        self._run("initdb", "-D", cluster, "-A", "trust", "-U", "postgres", "--no-sync", *encoding)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.running:
            self.stop_at_once()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        try:
            self._run("pg_ctl", "-D", str(self.folder / "cluster"), "status")
        except RuntimeError:
            return False
        return True

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        options = f"-p {self.port} -k {self.folder} {self._options}"
        cluster, log = str(self.folder / "cluster"), str(self.folder / "log")
        self._run("pg_ctl", "-D", cluster, "-w", "-s", "-o", options, "-l", log, "start")

    def stop_at_once(self) -> None:
        """Stop it as a crash would: nothing is written any more, the next start recovers."""
        self._run("pg_ctl", "-D", str(self.folder / "cluster"), "-s", "-m", "immediate", "stop")

    def new_tablespace(self, folder: Path) -> str:
        """Name of a tablespace in `folder`, which must be empty."""
        if self._root:
            shutil.chown(folder, "postgres", "postgres")
        name = f"space{self._databases}"
        command = f"CREATE TABLESPACE {name} LOCATION '{folder}'"
        self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-q", "-c", command)
        return name

    def drop_tablespace(self, name: str) -> None:
        """Drop a tablespace that no database is in."""
        command = f"DROP TABLESPACE {name}"
        self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-q", "-c", command)

    def new_database(self, tablespace: str = "pg_default") -> str:
        """URL of a new, empty database."""
        self._databases += 1
        name = f"desk{self._databases}"
        given = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-D", tablespace]
        self._run("createdb", *given, name)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def drop_database(self, url: str) -> None:
        """Drop a database of `new_database`, whoever is still connected."""
        name = url.rpartition("/")[2]
        self._run("dropdb", "--force", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)

    def _run(self, program: str, *arguments: str) -> None:
        dropped = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if self._root else []
        command = [*dropped, str(self._programs / program), *arguments]
        # pg_ctl's server would inherit a pipe and hold it open
        with (self.folder.parent / f"{self.folder.name}.out").open("w+b") as output:
            Path(output.name).unlink()
            done = subprocess.run(
                command,
                cwd="/tmp",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | self._environment,
                check=False,
            )
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program}: {output.read().decode(errors='replace')}")
