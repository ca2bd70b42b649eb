"""The skills of a course: what comes before what, as a picture and as a table."""

import json

import pandas as pd
import streamlit as st

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.courses.coverage import SkillGraph, skill_graph
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted

LOOKS = {
    "light": {"text": "#2A2622", "line": "#6A6259", "box": "#F2EDE4", "empty": "#FBF0D3"},
    "dark": {"text": "#ECE7DF", "line": "#B3ABA0", "box": "#272420", "empty": "#352B15"},
}
"""As in the theme; a skill without items has a dashed line as well as another colour."""


def show_skills(session: Session, loaded: LoadedCourse) -> None:
    """Draw the graph of prerequisites, the table behind it, and the way to change them."""
    graph = skill_graph(loaded.course, list(loaded.items.values()))
    st.markdown(graph_sentence(graph, len(loaded.course.skills)))
    if graph.nodes:
        with st.container(key="skill-graph"):
            st.graphviz_chart(
                dot(graph, dark=st.context.theme.type == "dark"),
                alt="; ".join(
                    f"{graph.nodes[after][0]} needs {graph.nodes[before][0]}"
                    for before, after in graph.edges
                ),
            )
    st.button(
        "Change the skills", icon=":material/edit:", on_click=session.edit,
        args=("course", session.course_id, "Skills"),
    )  # fmt: skip
    with st.expander("The same as a table"):
        st.dataframe(skill_table(loaded), hide_index=True, width="stretch")


def graph_sentence(graph: SkillGraph, skills: int) -> str:
    """Say what the picture shows."""
    if not graph.nodes:
        return (
            f"{counted(skills, 'skill')}, none of which needs another. Where one skill comes "
            "before another, a picture is drawn here."
        )
    first = [name for name in graph.nodes if name not in {after for _, after in graph.edges}]
    starts = ", ".join(plain(graph.nodes[name][0]) for name in first[:5])
    more = f" and {len(first) - 5} more" if len(first) > 5 else ""
    empty = sum(not count for _, count in graph.nodes.values())
    said = f"An arrow leads from a skill to one that needs it. Students begin with {starts}{more}."
    if empty:
        said += f" {counted(empty, 'dashed skill has', 'dashed skills have')} no items."
    if graph.alone:
        said += f" {counted(graph.alone, 'skill is', 'skills are')} not tied to others."
    if graph.left_out:
        said += f" {graph.left_out} more do not fit here; the table has them."
    return said


def dot(graph: SkillGraph, *, dark: bool) -> str:
    """Return the graph in the language of Graphviz."""
    look = LOOKS["dark" if dark else "light"]
    lines = [
        'digraph { rankdir="TB"; bgcolor="transparent"; nodesep=0.12; ranksep=0.3;',
        'node [shape=box, style="rounded,filled", fontname="Source Sans, sans-serif", fontsize=13,'
        f' fontcolor="{look["text"]}", color="{look["line"]}", fillcolor="{look["box"]}",'
        ' height=0.3, margin="0.08,0.05"];',
        f'edge [color="{look["line"]}", arrowsize=0.7];',
    ]
    for name, (title, count) in graph.nodes.items():
        words = f"{_wrapped(title)}\\n{counted(count, 'item')}"
        other = "" if count else f', style="rounded,filled,dashed", fillcolor="{look["empty"]}"'
        lines.append(f"{json.dumps(name)} [label={_quoted(words)}{other}];")
    lines += [f"{json.dumps(before)} -> {json.dumps(after)};" for before, after in graph.edges]
    return "\n".join([*lines, "}"])


def _wrapped(title: str, width: int = 13) -> str:
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\\n".join(line.replace("\\", "/") for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "'") + '"'


def skill_table(loaded: LoadedCourse) -> pd.DataFrame:
    """Return one row a skill: what it needs, and how many items train it."""
    titles = {skill.id: skill.title for skill in loaded.course.skills}
    items = loaded.items.values()
    return pd.DataFrame(
        {
            "Skill": skill.title,
            "Needs": ", ".join(titles[name] for name in skill.prerequisites),
            "Items": sum(skill.id in item.skills for item in items),
        }
        for skill in loaded.course.skills
    )
