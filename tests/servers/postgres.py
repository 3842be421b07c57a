"""A private PostgreSQL on loopback. As root it drops to the user postgres: the server refuses to run as root."""

import os
import shutil
import subprocess
import tempfile
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
    """A running PostgreSQL server without durability. Use it as a context manager."""

    def __init__(self) -> None:
        found = programs()
        if found is None:
            raise RuntimeError(absent())
        self._programs = found
        self._root = os.geteuid() == 0
        self._databases = 0
        self.folder = Path(tempfile.mkdtemp(prefix="deskpg", dir="/tmp"))
        self.port = free_port()

    def __enter__(self) -> Self:
        if self._root:
            shutil.chown(self.folder, "postgres", "postgres")
        cluster = str(self.folder / "cluster")
        encoding = ["--locale=C.UTF-8", "-E", "UTF8"]
        self._run("initdb", "-D", cluster, "-A", "trust", "-U", "postgres", "--no-sync", *encoding)
        options = f"-p {self.port} -k {self.folder} {FAST}"
        self._run("pg_ctl", "-D", cluster, "-w", "-s", "-o", options, "-l", str(self.folder / "log"), "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "cluster"), "-s", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self) -> str:
        """URL of a new, empty database."""
        self._databases += 1
        name = f"desk{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)
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
                command, cwd="/tmp", stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
            )
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program}: {output.read().decode(errors='replace')}")
