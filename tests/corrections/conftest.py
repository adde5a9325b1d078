"""The certificates of tests/mail serve the mailbox too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "mail"))
