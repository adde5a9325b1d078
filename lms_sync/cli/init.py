"""init: make a workspace; at a terminal what is not given as an option is asked."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lms_sync.errors import UsageError
from lms_sync.text import program_in
from lms_sync.workspace.settings.config import FILE_NAME, read_config
from lms_sync.workspace.start.create import create
from lms_sync.workspace.start.first_settings import Answers, id_from, wrong_answer
from lms_sync.workspace.start.server_files import write_server_files

OPTIONS: Mapping[str, str] = {
    "name": "--name",
    "district_id": "--id",
    "hr": "--hr",
    "telephone": "--telephone",
    "zone": "--zone",
    "dates": "--dates",
    "carrier": "--mail",
    "host": "--mail-host",
    "user": "--mail-user",
    "tenant": "--tenant",
    "client_id": "--client-id",
}
"""What is answered → the option that says it."""
QUESTIONS: Mapping[str, str] = {
    "name": "The district's name, as reports shall call it",
    "district_id": "A short, lasting id; it leads every record",
    "hr": "HR's e-mail address: it gets the night's summary, and partners answer to it",
    "telephone": "HR's telephone, which partners read",
    "zone": "The district's time zone",
    "dates": "How people here write 5 September: month-first 9/5/2026, day-first 5/9/2026, ask",
    "carrier": "How mail leaves: folder (as files, to look at first), smtp, graph (Microsoft 365)",
    "host": "The mail relay's name",
    "user": "The relay's user; blank for none",
    "tenant": "Microsoft: the directory's (tenant's) id or domain",
    "client_id": "Microsoft: the app's (client) id",
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "dates": ("month-first", "day-first", "ask"),
    "carrier": ("folder", "smtp", "graph"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {"smtp": ("host", "user"), "graph": ("tenant", "client_id")}
"""Carrier → what it must be told besides."""


@click.command(
    epilog="""\b
Examples:
  lms-sync init my-district                          at a terminal it asks
  lms-sync init my-district --dates month-first      9/5/2026 means September 5 in what people fill in
  lms-sync init my-district --name "Cascade School District" --hr hr@cascade.example.org --telephone 425-555-0100
  lms-sync init --systemd my-district      the files that run the night on a server, in my-district/server
"""
)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--name", default="", help="The district's name, as it appears in reports.")
@click.option("--id", "district_id", default="", help="A short id that never changes. [default: made from the name]")
@click.option("--hr", default="", help="HR's address. It gets the night's summary, and partners reply to it.")
@click.option("--telephone", default="", help="HR's telephone number, shown to partners.")
@click.option("--zone", default="", help="The district's time zone. [default: America/Los_Angeles]")
@click.option(
    "--dates",
    type=click.Choice(("month-first", "day-first")),
    default=None,
    help="How people here write dates in digits. If left out, a date that could be two is a finding.",
)
@click.option(
    "--mail",
    "carrier",
    type=click.Choice(CHOICES["carrier"]),
    default=None,
    help="How mail is sent: as files in a folder, by a mail relay, or by Microsoft 365. [default: folder]",
)
@click.option("--mail-host", "host", default="", help="The mail relay's name, for --mail smtp.")
@click.option("--mail-user", "user", default="", help="The relay's user, for --mail smtp.")
@click.option("--tenant", default="", help="Microsoft's directory id or domain, for --mail graph.")
@click.option("--client-id", default="", help="The app's id at Microsoft, for --mail graph.")
@click.option("--systemd", is_flag=True, help="Write systemd units, a cron line and a Containerfile into server/.")
def init(folder: str, *, systemd: bool, **given: str | None) -> None:
    """Make a workspace: settings, roster, course map. What exists already is left as it is."""
    if systemd:
        for path in write_server_files(read_config(Path(folder))):
            click.echo(f"made  {path}")
        click.echo("\nNext: docs/operators.md, systemd.")
        return
    stated = {key: value for key, value in given.items() if value}
    answers = _answers(Path(folder), stated)
    created = create(Path(folder), answers=answers)
    for path in created.created:
        click.echo(f"made  {path}")
    for path in created.kept:
        click.echo(f"kept  {path}")
    click.echo(f"\nNext: fill in {Path(folder) / 'roster.xlsx'}, then: {program_in(folder)} setup")


def _answers(folder: Path, given: Mapping[str, str]) -> Answers:
    """Return what was given, and at a terminal what was asked. Raises: UsageError for what can't be used."""
    if (folder / FILE_NAME).exists():
        if given:
            raise UsageError(
                f"{folder / FILE_NAME} is there already",
                hint=f"{', '.join(OPTIONS[key] for key in given)} would change nothing: change it there.",
            )
        return Answers()
    for key, answer in given.items():
        if wrong := wrong_answer(key, answer):
            raise UsageError(f"{OPTIONS[key]} {answer}: {wrong}", hint="Give it as described.")
    answered = _asked(given) if sys.stdin.isatty() else dict(given)
    for key in NEEDED.get(answered.get("carrier", ""), ()):
        if key != "user" and not answered.get(key):
            raise UsageError(f"--mail {answered['carrier']} needs {OPTIONS[key]}", hint="Add it.")
    if answered.get("dates") == "ask":
        answered["dates"] = ""
    chosen: dict[str, Any] = dict(answered)
    answers = Answers(**chosen)
    return answers if answers.district_id or not answers.name else replace(answers, district_id=id_from(answers.name))


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    answered = dict(given)
    for key in QUESTIONS:
        asked = not any(key in keys for keys in NEEDED.values()) or key in NEEDED.get(answered["carrier"], ())
        if key not in answered and asked:
            answered[key] = _ask(key, answered)
    return answered


def _ask(key: str, answered: Mapping[str, str]) -> str:
    defaults = {
        "district_id": id_from(answered.get("name", "")),
        "telephone": "",
        "zone": "America/Los_Angeles",
        "user": "",
    }
    defaults |= {name: words[0] for name, words in CHOICES.items()}
    kind: Any = click.Choice(CHOICES[key]) if key in CHOICES else str
    while True:
        answer: str = click.prompt(QUESTIONS[key], default=defaults.get(key), type=kind).strip()
        if not (wrong := wrong_answer(key, answer)):
            return answer
        click.echo(wrong)
