"""The wheel, built and installed away from the checkout, does what a checkout does."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # whole nights, or a whole installation

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it, and an empty folder to work in."""

    python: Path
    cwd: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment; what the developer's shell tells Python is left out."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        program = str(self.python.parent / words[0])
        return subprocess.run([program, *words[1:]], cwd=self.cwd, env=environment, capture_output=True, text=True)


def must(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    must(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel alone; its libraries are borrowed from here, the checkout is not."""
    folder = tmp_path_factory.mktemp("away")
    must(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python))
    must(*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel), cwd=folder)
    (site,) = (folder / "venv" / "lib").glob("python3*/site-packages")
    # A .pth file inside the borrowed folder, such as that of an editable install, is not followed.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (folder / "empty").mkdir()
    return Installed(python, folder / "empty")


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["mappings", "reports"])
def test_the_wheel_carries_what_people_edit(wheel: Path, folder: str) -> None:
    tracked = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
    carried = {name.removeprefix("lms_sync/shipped/") for name in names(wheel)}

    assert tracked
    assert tracked <= carried


def test_the_wheel_carries_every_module_and_its_data(wheel: Path) -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lms_sync").rglob("*") if path.is_file()}
    ours = {name for name in ours if "__pycache__" not in name}

    assert {"lms_sync/law/series.toml", "lms_sync/law/topics.toml", "lms_sync/workspace/start/lms_sync.toml"} <= ours
    assert ours <= names(wheel)


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    tops = {re.split("[/-]", name)[0] for name in names(wheel)}

    assert tops == {"lms_sync"}
    assert not [name for name in names(wheel) if re.search(r"tests?/|test_|\.db$|identity\.key|__pycache__", name)]


def test_it_runs_from_where_it_is_installed(installed: Installed) -> None:
    where = installed.run("python", "-c", "import lms_sync; print(lms_sync.__file__)").stdout

    assert Path(where.strip()).is_relative_to(installed.python.parent.parent)


def test_init_and_check(installed: Installed) -> None:
    made = installed.run("lms-sync", "init", "district")
    check = installed.run("lms-sync", "-w", "district", "check")

    assert (made.returncode, made.stderr) == (0, "")
    assert (installed.cwd / "district" / "mappings" / "courses.xlsx").is_file()
    assert check.returncode == 2  # nobody is on the roster yet
    assert "Findings: 4." in check.stdout


@pytest.mark.slow
def test_the_demo(installed: Installed) -> None:
    demo = installed.run("lms-sync", "demo", "shown")

    assert (demo.returncode, demo.stderr) == (0, "")
    assert "\x1b" not in demo.stdout
    assert len(list((installed.cwd / "shown" / "outbox").glob("*.eml"))) >= 5
    assert "The second night: the same files, so no report is repeated" in demo.stdout
    assert "10 filed, 0 on file already, 1 not filed" in demo.stdout
    assert "verified: The file is the document as it was issued, byte for byte." in demo.stdout
    assert (installed.cwd / "shown" / "agreements" / "TP-2026-0001.pdf").is_file()
