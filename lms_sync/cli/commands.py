"""All commands: where each is, and its line in a group's help, so that help imports none of them."""

from collections.abc import Sequence

import click

from lms_sync.cli.lazy import LazyCommand, lazy_group

COMMANDS: Sequence[click.Command] = (
    lazy_group(
        "agreements",
        LazyCommand("adopt", "agreements:adopt", "Record that the board adopted an agreement."),
        LazyCommand("confirm", "clause_c:confirm", "Issue the training confirmation of an agreement."),
        LazyCommand("list", "agreements:list_", "List what is due first, and what is missing."),
        LazyCommand("plan", "clause_c:plan", "Issue the training plan of an agreement."),
        LazyCommand("review", "agreements:review", "Write the checklist, and read it back."),
        LazyCommand("send", "clause_c:send", "Mail an issued document to its partner."),
        LazyCommand("show", "agreements:show", "Show one agreement's review, and what it still needs."),
        LazyCommand(
            "verify",
            "clause_c:verify",
            "Check whether a document was issued here.",
        ),
        LazyCommand("withdraw", "clause_c:withdraw", "Retract an issued document, and notify who received it."),
        short_help="Review and adopt agreements, once a year.",
        help="Review and adopt the agreements with agencies and companies, once a year (RCW 28A.320.1242).",
        epilog="""\b
Examples:
  lms-sync agreements list
  lms-sync agreements review HERON-26 -o checklist.xlsx
""",
    ),
    LazyCommand("calendar", "calendar:calendar", "Show what is due when, and record yearly duties."),
    LazyCommand("check", "workspace:check", "Check everything that people edit, all at once."),
    lazy_group(
        "db",
        LazyCommand("backup", "db:backup", "Copy the database, the documents and what people edit."),
        LazyCommand("backups", "db:backups", "List the backups."),
        LazyCommand("check", "db:check", "Check the whole database."),
        LazyCommand("restore", "db:restore", "Restore a backup."),
        LazyCommand("upgrade", "db:upgrade", "Update the tables, and list what new rules change."),
        help="Look after the database.",
        epilog="""\b
Examples:
  lms-sync db backup
  lms-sync db upgrade -n
""",
    ),
    LazyCommand("demo", "demo:demo", "See the whole job on made-up people, three nights."),
    LazyCommand("doctor", "doctor:doctor", "Check each source's setup: address, token, permissions, clock, report."),
    lazy_group(
        "documents",
        LazyCommand("add", "documents:add", "File a document of an ESD, or a list of many."),
        LazyCommand("answered", "requests:answered", "Record what an ESD answered to a request."),
        LazyCommand("list", "documents:list_", "List the documents on file."),
        LazyCommand("request", "requests:request", "Write the packet that asks an ESD for a document."),
        LazyCommand("requests", "requests:requests", "List the requests to ESDs."),
        LazyCommand("scan", "document_scans:scan", "File the scan of a sign-in sheet beside the typed one."),
        LazyCommand("scans", "document_scans:scans", "List the scans on file."),
        LazyCommand("template", "documents:template", "Write an empty list for the ESD to fill in."),
        LazyCommand("withdraw", "documents:withdraw", "Withdraw a document: it no longer counts."),
        short_help="File what an ESD verified or waived, and ask for it.",
        help="File what an ESD verified or waived (RCW 28A.310.515(4)). Nothing else makes anybody documented.",
        epilog="""\b
Examples:
  lms-sync documents add letter.pdf --person 100417 --component classroom --kind verified \\
      --esd "ESD 113" --day 2026-11-01 --number 88
  lms-sync documents list --person 100417
""",
    ),
    lazy_group(
        "export",
        LazyCommand("evidence", "export:evidence", "Write the evidence on an agreement or a person."),
        LazyCommand("ospi", "export:ospi", "Write the yearly report to OSPI (RCW 28A.320.1241)."),
        help="Write what goes to others, as a folder ready to send.",
        epilog="""\b
Examples:
  lms-sync export ospi -o ospi-2026-27
""",
    ),
    LazyCommand("gaps", "gaps:gaps", "Show who has met which requirement."),
    lazy_group(
        "hold",
        LazyCommand("add", "purge:add", "Keep somebody's records from being purged."),
        LazyCommand("lift", "purge:lift", "Lift a hold."),
        LazyCommand("list", "purge:list_", "List holds, and the purges that were done."),
        help="Keep records of a person or an agreement from being purged.",
        epilog="""\b
Examples:
  lms-sync hold add 100417 --reason "grievance 26-118"
  lms-sync hold list
""",
    ),
    LazyCommand("init", "init:init", "Make a workspace; it asks, and writes the settings."),
    lazy_group(
        "layouts",
        LazyCommand("check", "layouts:check", "Check the layouts, and try them on the files you have."),
        LazyCommand("propose", "layouts:propose_command", "Write a layout for a sheet that nobody has described."),
        help="Describe how a vendor's sheet is laid out, and try it out.",
        epilog="""\b
Examples:
  lms-sync layouts propose inbox/new-vendor.xlsx
  lms-sync layouts check
""",
    ),
    lazy_group(
        "log",
        LazyCommand("show", "log:show", "Show who decided what, when and why."),
        LazyCommand("verify", "log:verify", "Find missing, swapped or altered entries."),
        short_help="See who decided what, and prove that the record is complete.",
        help="Look at the record of people's decisions, and prove that it is complete.",
        epilog="""\b
Examples:
  lms-sync log show
  lms-sync log verify
""",
    ),
    lazy_group(
        "mappings",
        LazyCommand("accept", "map_suggest:accept", "Put suggested rows into courses.xlsx; a copy is kept."),
        LazyCommand("check", "mappings:check", "List everything that is wrong with the map, by cell."),
        LazyCommand("history", "map_changes:history", "Show every version of the map that was ever in force."),
        LazyCommand("impact", "map_changes:show_impact", "Show what a new map would change, before it counts."),
        LazyCommand("suggest", "map_suggest:suggest", "Suggest topics for courses that the map does not have yet."),
        help="Check the course map, and see what a change of it would do.",
        epilog="""\b
Examples:
  lms-sync mappings check
  lms-sync mappings impact new-courses.xlsx
  lms-sync mappings history
  lms-sync mappings suggest
  lms-sync mappings accept 3fa94c12 --reason "seen the syllabus"
""",
    ),
    LazyCommand("nightly", "night:nightly", "Run one night: pull, judge, queue, send, and mail HR a summary."),
    lazy_group(
        "outbox",
        LazyCommand("hold", "outbox:hold", "Hold queued deliveries, or a partner, until a person releases them."),
        LazyCommand("list", "outbox:list_", "Show the deliveries that are not sent."),
        LazyCommand("release", "outbox:release", "Release held deliveries: they are built again and sent."),
        LazyCommand("retract", "outbox_retract:retract", "Retract a message: everybody who has it is mailed why."),
        LazyCommand("retry", "outbox:retry", "Queue failed or unknown deliveries again."),
        LazyCommand("send", "outbox:send", "Send what is queued and due."),
        LazyCommand("settle", "outbox:settle", "Record whether unknown deliveries arrived."),
        LazyCommand("show", "outbox:show", "Show one delivery, its recipients and its message."),
        help="Look at, release, hold and send what goes out.",
        epilog="""\b
Examples:
  lms-sync outbox list
  lms-sync outbox show 20261123-0f3a9c
  lms-sync outbox release --all --reason "addresses checked against the agreements"
  lms-sync outbox send
""",
    ),
    lazy_group(
        "people",
        LazyCommand("find", "people_find:find", "Find somebody on the roster by part of the name."),
        LazyCommand("link", "people_links:link", "Record that a learner is a person on the roster."),
        LazyCommand("links", "people_links:links", "List what was decided about learners and Person IDs."),
        LazyCommand("match", "people_match:match", "Go through the learners that a person must match."),
        LazyCommand("merge", "people_links:merge", "Record that a former Person ID is a new one."),
        LazyCommand("show", "people:show", "Show what counts for one person and why, and what is missing."),
        LazyCommand("unlink", "people_links:unlink", "Take a link, or a refusal, back."),
        help="Look at one person, and decide who is who.",
        epilog="""\b
Examples:
  lms-sync people show 100417
  lms-sync people match
""",
    ),
    LazyCommand("pull", "night:pull", "Fetch and store sources, and print what became of each file."),
    LazyCommand("purge", "purge:purge", "Show what is old enough to be deleted; --go deletes it."),
    LazyCommand("report", "gaps:report", "Write a partner's documents into a folder; send nothing."),
    lazy_group(
        "reports",
        LazyCommand("copy", "templates:copy", "Copy shipped templates into the workspace, to change them."),
        LazyCommand("list", "templates:list_", "List the shipped templates and their variables."),
        short_help="See and copy the templates of mails and documents.",
        help="See the templates of mails and documents, and make them your own.",
        epilog="""\b
Examples:
  lms-sync reports list
  lms-sync reports copy partner.html.j2
""",
    ),
    lazy_group(
        "roster",
        LazyCommand("check", "roster:check", "Check whether people may start, and what is in the way."),
        LazyCommand("propose", "roster:propose", "Compare an HR system's export with it, and write a copy."),
        help="Check the roster, and bring it up to date.",
        epilog="""\b
Examples:
  lms-sync roster check
  lms-sync roster propose hr-export.csv
""",
    ),
    LazyCommand("setup", "setup:setup", "Show what is done and what comes next, until the first report."),
    lazy_group(
        "source",
        LazyCommand("add", "source:add", "Add a source; the settings are written for you."),
        short_help="Say where completions come from.",
        help="Say where completions come from: files in the inbox, or an LMS that is asked directly.",
        epilog="""\b
Examples:
  lms-sync source add inbox/moodle.csv
""",
    ),
    LazyCommand("status", "status:status", "Show the last night, the sources, what waits and the outbox."),
    LazyCommand("web", "serve:web", "Open the desk in a browser."),
    LazyCommand("worklist", "worklist:worklist", "Show what waits for a person, and decide claims and doubts."),
)
