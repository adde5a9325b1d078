"""The roster, map and law of tests/gaps serve the duties' tests too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "gaps"))
