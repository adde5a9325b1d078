"""people link, unlink, links, merge: who a learner or a former Person ID is, decided by a person."""

import click

from lms_sync.cli.opening import open_workspace, who
from lms_sync.cli.options import by_option, format_option, pass_folder, reason_option
from lms_sync.cli.show import print_listing
from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.people import decide
from lms_sync.store.known.who_is_who import read_links, read_merges


@click.command(
    epilog="""\b
Examples:
  lms-sync people link moodle:emp00040 100417 --reason "asked him; same badge number"
""",
)
@click.argument("learner")
@click.argument("person_id", metavar="PERSON")
@reason_option
@by_option
@pass_folder
def link(folder: str, *, learner: str, person_id: str, reason: str, by: str) -> None:
    """Record that LEARNER (source:key, as on the worklist) is PERSON; all its completions count from now on."""
    with open_workspace(folder) as workspace:
        author = Author(who(by), reason, workspace.clock())
        new = decide.link(workspace, author, handle=learner, person_id=person_id)
    click.echo(f"{learner} ({new.shown}) is {person_id}, by the word of {new.by}. Take it back: people unlink")


@click.command(
    epilog="""\b
Examples:
  lms-sync people unlink moodle:emp00040 --reason "it was his brother"
  lms-sync people unlink vector:00417 --not 00417 --reason "John Smith, who had the number before"
""",
)
@click.argument("learner")
@click.option("--not", "person_id", metavar="PERSON", help="LEARNER is not PERSON, even if ids or e-mails agree.")
@reason_option
@by_option
@pass_folder
def unlink(folder: str, *, learner: str, person_id: str | None, reason: str, by: str) -> None:
    """Take back what was decided about LEARNER; the ordinary rules apply again, for all its completions.

    --not records that LEARNER is not PERSON, also where the ids alone made the match. That holds for LEARNER until it
    is taken back itself.
    """
    with open_workspace(folder) as workspace:
        author = Author(who(by), reason, workspace.clock())
        if person_id:
            denied = decide.deny(workspace, author, handle=learner, person_id=person_id)
            click.echo(f"{learner} ({denied.shown}) is not {person_id}, by the word of {denied.by}.")
            click.echo("Nothing of it is credited to this person any more. Take it back: people unlink")
            return
        before = decide.unlink(workspace, author, handle=learner)
    now = f"no longer linked to {before.person_id}" if before.person_id else "open again"
    click.echo(f"{learner} is {now}, by the word of {author.by}.")


@click.command(
    epilog="""\b
Examples:
  lms-sync people links
""",
)
@format_option
@pass_folder
def links(folder: str, *, form: str) -> None:
    """List the links, refusals and merges in force; `lms-sync log show` also has those that were taken back."""
    with open_workspace(folder, writes=False) as workspace:
        rows = [
            [
                link.source,
                link.shown,
                link.person_id or f"not {', '.join(link.refused)}",
                str(link.on),
                link.by,
                link.reason,
            ]
            for link in read_links(workspace.store)
        ]
        rows += [
            [
                "(roster)",
                merge.former,
                merge.person_id,
                str(merge.on),
                merge.by,
                merge.reason,
            ]
            for merge in read_merges(workspace.store)
        ]
    headings = ("Source", "Learner or former ID", "Is", "Since", "By", "Why")
    print_listing(headings, rows, form=form, nothing="Nothing was decided yet.")


@click.command(
    epilog="""\b
Examples:
  lms-sync people merge 100417 200417 --reason "new badge number after the transfer"
  lms-sync people merge 100417 --undo --reason "two different people after all"
""",
)
@click.argument("former", metavar="FORMER")
@click.argument("person_id", metavar="[PERSON]", required=False)
@click.option("--undo", is_flag=True, help="Take the merge back.")
@reason_option
@by_option
@pass_folder
def merge(folder: str, *, former: str, person_id: str | None, undo: bool, reason: str, by: str) -> None:
    """Record that FORMER, which left the roster, is now PERSON; its records, links and documents go on counting."""
    if undo == bool(person_id):
        raise UsageError("name the person, or --undo", hint="lms-sync people merge FORMER PERSON --reason …")
    with open_workspace(folder) as workspace:
        author = Author(who(by), reason, workspace.clock())
        if person_id:
            decide.merge(workspace, author, former=former, person_id=person_id)
        else:
            decide.unmerge(workspace, author, former=former)
    click.echo(f"{former} {'is ' + person_id if person_id else 'counts for nobody again'}, by {author.by}.")
