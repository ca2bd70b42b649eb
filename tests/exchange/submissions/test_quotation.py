"""A quotation mark that is open by mistake never makes students disappear."""

from collections.abc import Callable

import pytest

from tutor_app.errors import DocumentError
from tutor_app.exchange.submissions.reading import SubmissionSet

Read = Callable[..., SubmissionSet]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ('id,answer\ns1,a\ns2,"5 inch longer\ns3,b\ns4,c\n', 3, "never closed"),
        ('id,answer\ns1,"a\nb"\ns2,c\ns3,"open\ns4,c\n', 5, "never closed"),
        ('id,answer\ns1,a\ns2,"5 inch longer\ns3,b\ns4,c\ns5,"d"\ns6,e\n', 3, "closes in line 6"),
        ('id,answer\ns1,a\ns2,"five" inches\ns3,b\n', 3, "closes in this line"),
        ('id,answer\ns1,a\ns2,"5 inch\ns3,b\ns4,c\ns5,6 inch"\ns6,e\n', 3, "looks like rows"),
        ('id,answer,note\ns1,a,x\ns2,"5 inch,\ns3,b,\ns4,4"",\ns5,6",\ns6,e,\n', 3, "like rows"),
        ('id,answer\ns1,a\ns2,"5 inch\ns3,no, it is\ns4,6"\ns5,e\n', 3, "looks like rows"),
        ('Quiz 3\nid,answer\ns1,a\ns2,"5 inch\ns3,b"\ns4,e\n', 4, "looks like rows"),
        ('sep=;\nid;answer\r\ns1;a\r\ns2;"b\r\ns3;c"\r\ns4;d\r\n', 4, "looks like rows"),
        (
            'first,last,id,answer\nAda,Lovelace,1,"a\nBob,Byron,2,b"\nEve,Eden,3,c\n',
            2,
            "looks like rows",
        ),
    ],
)
def test_a_mark_that_swallows_rows_refuses_the_file_with_its_line(
    read: Read, content: str, line: int, said: str
) -> None:
    with pytest.raises(DocumentError, match=rf"batch\.csv:{line}: .*{said}.*double each mark"):
        read(content)


@pytest.mark.parametrize(
    "answer",
    [
        "First, the force acts.\nSecond, the way counts,\nand so, the work.",
        'He said "go",\nthen it went, slowly',
        "a,b\n\nc,d\n",
        "s is the way,\ns3 is not, and never was",
        "1,2\n3,4",
    ],
)
def test_an_answer_of_several_lines_with_commas_is_one_answer(read: Read, answer: str) -> None:
    quoted = answer.replace('"', '""')
    batch = read(f'id,answer\ns1,fine\ns2,"{quoted}"\ns3,too\n')
    assert [one.text for one in batch] == ["fine", answer.strip(), "too"]
    assert [one.problem for one in batch] == ["", "", ""]


@pytest.mark.parametrize(
    "content",
    [
        'name,answer\nAda,a\nBob,"b\nCarl,c"\nEve,d\n',
        'id,answer\n1,a\n2,"2,7\n3,9"\n3,c\n',
    ],
)
def test_what_may_be_rows_or_an_answer_is_left_to_a_person(read: Read, content: str) -> None:
    batch = read(content)
    problems = [one.problem for one in batch]
    assert problems[0] == problems[2] == ""
    assert "from line 3 to line 4" in problems[1]
    assert [(n.kind, n.where) for n in batch.report.notes] == [("problem", "row 3")]
