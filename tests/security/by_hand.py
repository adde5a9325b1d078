"""What a module does by itself though a function of ours is there for it: commands, names of files, modes."""

import ast
import re
from collections.abc import Iterable, Iterator

import click

from lms_sync.cli.main import main

COMMANDS = "|".join(sorted(main.list_commands(click.Context(main))))
GROUPS = {name: main.get_command(click.Context(main), name) for name in main.list_commands(click.Context(main))}
BELOW = "|".join(
    f"{name} {verb}"
    for name, group in GROUPS.items()
    if isinstance(group, click.Group)
    for verb in group.list_commands(click.Context(group))
)
BEGUN = re.compile(
    rf"(?:lms-sync(?:\0[0-9]+\0| -w .*?)? (?:{COMMANDS})|`(?:{COMMANDS}) |(?:^|: )(?:{BELOW}) )[^`;()\n]*"
)
MODES = re.compile(
    r"\.mkdir\(|os\.makedirs|shutil\.(?:copy|copy2|copyfile|copytree|move)\(|\.write_(?:text|bytes)\(|\.touch\("
)
ELSEWHERE = {
    "operations/backup/make.py": "place.mkdir(mode=PRIVATE_FOLDER)",  # one that is there already is a mistake
    "reports/typeset.py": "shutil.copyfile(path, place / path.name)",  # in a temporary folder, as the next two
    "sources/trial.py": "copy.write_bytes(bytes_of(path))",
    "web/sheets.py": 'path.write_text(text, encoding="utf-8")',
    "web/sessions.py": "self.sign_ins.touch(SESSION, token, at=at)",
    "workspace/start/starter.py": '(shipped("mappings") / "courses.xlsx").write_bytes(starter_workbook())',
}


def parts_of(node: ast.AST) -> Iterator[str | ast.AST]:
    """Yield the pieces of a text in the order in which they are put together: literals, and what is put in."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            for value in values:
                yield from parts_of(value)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            yield from parts_of(left)
            yield from parts_of(right)
        case _:
            yield node


def composed_by_hand(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield each command into which a program puts a value by itself; a template to be filled in later too."""
    inside = set()
    for node in nodes:
        if id(node) in inside or not isinstance(node, ast.JoinedStr | ast.BinOp | ast.Constant):
            continue
        if isinstance(node, ast.Constant):
            if not (isinstance(node.value, str) and ("{" in node.value or "%s" in node.value)):
                continue
        else:
            inside |= {id(part) for part in ast.walk(node)}
        values: list[str] = []
        text = ""
        for part in parts_of(node):
            text += part if isinstance(part, str) else f"\0{len(values)}\0"
            values += [] if isinstance(part, str) else [ast.unparse(part)]
        if not (values or "{" in text or "%s" in text):
            continue
        for command in BEGUN.findall(text):
            put_in = [values[int(number)] for number in re.findall(r"\0([0-9]+)\0", command)]
            if put_in or (isinstance(node, ast.Constant) and re.search(r"\{[a-z_]*\}|%s", command)):
                yield f"line {node.lineno}: {command!r} with {put_in}"


IDS = re.compile(r"\b(?:partner|agreement|person|building|district)_id\b|\bsubject\b|\bcode\b")


ENDING = re.compile(r"\.(?:xlsx|pdf|ics|json|txt|eml|html|csv|toml|zip|md|key)[\"']")


def unencoded(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield each name of a file into which a program puts an id as it is."""
    for node in nodes:
        if not (isinstance(node, ast.JoinedStr) and isinstance(node.values[-1], ast.Constant)):
            continue
        if ENDING.search(f'{node.values[-1].value!s}"'):
            values = [ast.unparse(value.value) for value in node.values if isinstance(value, ast.FormattedValue)]
            yield from (value for value in values if IDS.search(value) and "id_in_name(" not in value)
