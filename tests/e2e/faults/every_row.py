"""Every row there is: importing this module registers them."""

from tests.e2e.faults import rows_cut, rows_folder, rows_killed, rows_mail, rows_server, rows_store
from tests.e2e.faults.rows import ROWS, Row

__all__ = ["MODULES", "ROWS", "Row"]

MODULES = (rows_cut, rows_folder, rows_killed, rows_mail, rows_server, rows_store)
