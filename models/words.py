"""How a text is cut into words: letters and digits run together, a CJK character or any other sign stands alone."""

import re

WORD = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]|[^\W\u2e80-\u9fff\uf900-\ufaff]+|[^\w\s]")
