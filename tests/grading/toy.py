"""A small world of graded answers, and an encoder that knows words and nothing else."""

from zlib import crc32

import numpy as np

from tutor_app.grading.judged import JudgedAnswer

THINGS = ("bulb", "switch", "battery", "wire", "motor", "magnet")
RIGHT = ("the {0} path is closed", "a closed path has the {0}", "closed path with {0} in it")
TURNED = ("the {0} path is open", "the {0} path is not closed", "no closed path for the {0}")
WRONG = ("because of the weather", "it is blue and old", "my teacher has a {0}")


def embed(texts):
    """Give each text a unit vector of its words, the same in every run."""
    made = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().split() or ["nothing"]:
            made[row, crc32(word.encode()) % 64] += 1
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def toy_answers():
    """Return 6 questions with 18 answers each, a third of each class."""
    return [
        JudgedAnswer(
            thing,
            f"Why does the {thing} work?",
            (f"the {thing} is in a closed path", "the path is closed"),
            f"{thing}-{label}-{number}-{again}",
            form.format(thing) + (" indeed" if again else ""),
            label,
        )
        for thing in THINGS
        for label, forms in enumerate((RIGHT, TURNED, WRONG))
        for number, form in enumerate(forms)
        for again in range(2)
    ]


def write_training(folder):
    """Write the answers as a SemEval training file."""
    import csv

    from tutor_app.grading.judged import CLASSES

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "toy_train_3way.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["question_id", "question", "reference_answers", "answer_id", "answer", "label"]
        )
        for one in toy_answers():
            writer.writerow(
                [
                    one.question_id,
                    one.question,
                    "\n".join(one.references),
                    one.answer_id,
                    one.text,
                    CLASSES[one.label],
                ]
            )
