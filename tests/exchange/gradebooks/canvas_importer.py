"""The rules by which Canvas reads a gradebook, as far as a file can show them."""

import csv
import re
from pathlib import Path
from typing import Any

TOTALS = re.compile(r"(Current|Final|Override|Unposted) (Score|Points|Grade|Status)")


def canvas_import(path: Path, course: dict[str, Any]) -> dict[str, Any]:
    """Read a gradebook into a course: students {id: {name, sis, login}}, assignments {id: title}.

    Returns grades by (student id or name, assignment id or title), new assignments, new students.
    """
    text = path.read_bytes().decode()
    lines = text.splitlines()[:3]
    counts = {sep: {len(next(csv.reader([line], delimiter=sep))) for line in lines} for sep in ";,"}
    wide = {sep: max(c) if len(c) == 1 else 0 for sep, c in counts.items()}
    separator = ";" if wide[";"] > wide[","] else ","
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    head = rows[0]
    assert len(head) > 3
    assert "Student" in head[0]
    assert "ID" in head[1]
    about = 3
    sis = login = None
    if re.search(r"SIS\s+Login\s+ID", head[2]):
        login, about = 2, 4
    elif re.search(r"SIS\s+User\s+ID", head[2]) and re.search(r"SIS\s+Login\s+ID", head[3]):
        sis, login, about = 2, 3, 5
        if "Integration ID" in head[4]:
            about += 1
    assert "Section" in head[about - 1]
    columns: dict[int, Any] = {}
    created = []
    for n, title in enumerate(head[about:], about):
        if TOTALS.search(title):
            continue
        found = re.fullmatch(r"(.*)\s\((\d+)\)", title)
        known = {t: i for i, t in course["assignments"].items()}
        if found and found[2] in course["assignments"]:
            columns[n] = found[2]
        elif title in known:
            columns[n] = known[title]
        else:
            columns[n] = found[1] if found else title
            created.append(columns[n])
    grades: dict[tuple[str, Any], str] = {}
    strangers = []
    points: list[str] = []
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            points = row
            continue
        if all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.I) for cell in row):
            continue
        student = _student(row, course["students"], sis, login)
        if student is None:
            strangers.append(row[0])
            student = row[0]
        for n, assignment in columns.items():
            if "read only" not in (points[n] if points else ""):
                grades[student, assignment] = _number(row[n].strip())
    return {"grades": grades, "created": created, "strangers": strangers, "points": points}


def _student(row: list[str], students: dict[str, Any], sis: Any, login: Any) -> str | None:
    number = re.match(r"\s*\d+", row[1])  # String#to_i
    if number and str(int(number[0])) in students:
        return str(int(number[0]))
    for column, key in ((sis, "sis"), (login, "login")):
        if column is not None and row[column]:
            for id_, one in students.items():
                if one.get(key) == row[column]:
                    return id_
    return next((id_ for id_, one in students.items() if one["name"] == row[0]), None)


def _number(cell: str) -> str:
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *whole, last = re.split(r"[,.]", cell)
    return f"{''.join(whole)}.{last}" if whole else last
