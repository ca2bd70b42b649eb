"""Copy exercises in the tutor's own format: the reply takes its words from the lines before it.

A small model learns to write fluently long before it learns to look at its prompt. Each exercise
therefore asks for something that only the prompt can tell: the hint word for word, its first
sentence, the name of the step, a quantity, the learner's words. Some hints are words in random
order, which no knowledge of the language predicts, so that only copying helps (the induction
heads of Olsson et al. 2022, arXiv:2209.11895).
"""

import random
import re
from collections.abc import Iterator, Sequence

from tutor_app.distillation.corpus import Step, sentences
from tutor_app.errors import ContentError

Row = dict[str, str]

# The share of exercises whose hint is a row of random words.
SCRAMBLED = 0.15
_QUANTITY = re.compile(r"\{q\d\}")
_IMPERATIVE = re.compile(
    r"(?:add|apply|bring|calculate|check|choose|combine|compare|compute|consider|convert|count|"
    r"determine|distribute|divide|draw|evaluate|expand|express|factor|find|first|identify|isolate|"
    r"list|locate|look|make|multiply|plug|put|read|recall|remember|rewrite|set|simplify|solve|"
    r"split|start|subtract|substitute|take|think|translate|try|use|write)\b",
    re.I,
)
_WRONG = (
    "i got {yours}",
    "is it {yours}?",
    "{yours}",
    "my answer is {yours}",
    "I think it is {yours}.",
    "so {yours}",
    "i calculated {yours}",
    "It should be {yours}, right?",
    "i have {yours} here, is this ok?",
    "that gives {yours}",
)
_STUCK = (
    "i don't know how to start",
    "I'm stuck.",
    "no idea",
    "help please",
    "i dont get it",
    "What do I do now?",
    "can you help me with this",
    "I do not understand this step.",
    "idk",
    "what next",
)
_DEMANDS = (
    "just tell me the answer",
    "can you give me the answer?",
    "whats the answer",
    "Please tell me the result.",
    "i only want the solution",
)
_MEANING = (
    "what does {word} mean?",
    "what is {word}",
    "I don't know the word {word}.",
    "{word}?",
    "what do you mean by {word}?",
)
_SAYS = (
    "i think {words}",
    "I would say {words}",
    "{words}, no?",
    "because {words}",
    "{words}",
    "but {words}",
)
_ENCOURAGED = ("No rush.", "That is fine.", "Let's take one small step.", "Good that you ask.")
_LEADS_YOURS = ("You wrote {yours}.", "You have {yours}.", "You got {yours}.", "Look at {yours}.")
_LEADS_QUOTED = ('You say "{quoted}".', 'You wrote "{quoted}".', 'About "{quoted}":')


def copy_exercises(
    steps: Sequence[Step], words: Sequence[str], count: int, seed: int
) -> Iterator[Row]:
    """Yield rows {"prompt", "reply"}, hints in random order, each as often as any other.

    Args:
        steps: where problems, goals and hints come from.
        words: common words for the scrambled hints.
        count: how many rows.
        seed: makes the rows repeatable.

    Raises:
        ContentError: no step has a hint.
    """
    choose = random.Random(seed)
    unique = {text: (step, title, text) for step in steps for title, text in step.hints}
    sources = list(unique.values())
    if not sources:
        raise ContentError("copy exercises: no step has a hint in words. Give a larger bank.")
    kinds = (
        [_hint_alone] * 3
        + [_quote_number] * 4
        + [_quote_words] * 3
        + [_first_sentence, _as_question, _as_question, _name_step, _name_step]
        + [_name_quantity, _name_quantity, _explain_word, _demand, _take_up_idea, _take_up_idea]
        + [_echo_learner, _echo_learner]
    )
    made = 0
    while made < count:
        choose.shuffle(sources)
        for step, title, text in sources:
            if choose.random() < SCRAMBLED:
                text = _scramble(choose, words)
            row = choose.choice(kinds)(choose, step, title, text)
            if row is not None:
                yield row
                made += 1
            if made == count:
                return


def _scramble(choose: random.Random, words: Sequence[str]) -> str:
    picked = choose.choices(words, k=choose.randint(4, 14))
    if choose.random() < 0.3:
        picked.insert(choose.randrange(len(picked)), f"{{q{choose.randint(1, 9)}}}")
    return " ".join(picked).capitalize() + choose.choice((".", "?"))


def _prompt(
    step: Step, title: str, hint: str, asked: str, move: str, learner: str, idea: str = ""
) -> str:
    goal = step.goal if 2 < len(step.goal.split()) <= 15 and step.goal != step.problem else title
    lines = [f"problem: {step.problem}", f"asked: {asked}"]
    if idea:
        lines.append(f"idea: {idea}")
    if goal:
        lines.append(f"step: {goal}")
    return "\n".join((*lines, f"move: {move}", f"hint: {hint}", f"learner: {learner}"))


def _hint_alone(choose: random.Random, step: Step, title: str, text: str) -> Row:
    """The hint, word for word."""
    prompt = _prompt(step, title, text, "stuck", "say the hint", choose.choice(_STUCK))
    return {"prompt": prompt, "reply": text}


def _quote_number(choose: random.Random, step: Step, title: str, text: str) -> Row:
    """The learner's value, then the hint."""
    prompt = _prompt(step, title, text, "wrong", "quote, then hint", choose.choice(_WRONG))
    return {"prompt": prompt, "reply": f"{choose.choice(_LEADS_YOURS)} {text}"}


def _quote_words(choose: random.Random, step: Step, title: str, text: str) -> Row:
    """The learner's phrase, then the hint."""
    learner = choose.choice(_SAYS).format(words="{quoted}")
    prompt = _prompt(step, title, text, "wrong words", "quote, then hint", learner)
    return {"prompt": prompt, "reply": f"{choose.choice(_LEADS_QUOTED)} {text}"}


def _first_sentence(choose: random.Random, step: Step, title: str, text: str) -> Row | None:
    """Only the first of several sentences."""
    parts = sentences(text)
    if len(parts) < 2:
        return None
    prompt = _prompt(step, title, text, "stuck", "first sentence", choose.choice(_STUCK))
    return {"prompt": prompt, "reply": parts[0]}


def _as_question(choose: random.Random, step: Step, title: str, text: str) -> Row | None:
    """An instruction as a question."""
    part = sentences(text)[0]
    if not _IMPERATIVE.match(part) or part.endswith("?"):
        return None
    prompt = _prompt(step, title, text, "stuck", "ask the hint", choose.choice(_STUCK))
    lead = choose.choice(("Can you", "What do you get when you", "How would you"))
    return {"prompt": prompt, "reply": f"{lead} {_lower(part).rstrip('.:;,')}?"}


def _name_step(choose: random.Random, step: Step, title: str, text: str) -> Row | None:
    """The name of the step, then the hint."""
    words = title.rstrip("?.:")
    if not 1 < len(words.split()) <= 10:
        return None
    named = Step(step.problem_id, step.problem, "", step.hints)
    prompt = _prompt(named, words, text, "step right", "name the step, then hint", "ok, and now?")
    lead = choose.choice(("The next step:", "Now it is about this:", "One step at a time:"))
    return {"prompt": prompt, "reply": f"{lead} {_lower(words)}. {text}"}


def _name_quantity(choose: random.Random, step: Step, title: str, text: str) -> Row | None:
    """The words around a quantity of the problem, then the hint."""
    found = list(_QUANTITY.finditer(step.problem))
    if not found:
        return None
    place = choose.choice(found)
    before = " ".join(step.problem[: place.start()].split()[-4:])
    after = " ".join(step.problem[place.end() :].split()[:3])
    around = f"{before} {place.group()} {after}".strip(" .,?")
    move = f"point to {place.group()}, then hint"
    prompt = _prompt(step, title, text, "stuck", move, choose.choice(_STUCK))
    return {"prompt": prompt, "reply": f'The problem says "{around}". {text}'}


def _explain_word(choose: random.Random, step: Step, title: str, text: str) -> Row | None:
    """The word the learner asks about, then the hint."""
    words = [word for word in re.findall(r"\b[a-z]{5,}\b", step.problem + " " + text)]
    if not words:
        return None
    word = choose.choice(words)
    learner = choose.choice(_MEANING).format(word=word)
    prompt = _prompt(step, title, text, "meaning", "name the word, then hint", learner)
    return {"prompt": prompt, "reply": f'You ask about "{word}". {text}'}


def _demand(choose: random.Random, step: Step, title: str, text: str) -> Row:
    """A friendly word, then the hint."""
    prompt = _prompt(step, title, text, "answer wanted", "calm, then hint", choose.choice(_DEMANDS))
    return {"prompt": prompt, "reply": f"{choose.choice(_ENCOURAGED)} {text}"}


def _take_up_idea(choose: random.Random, step: Step, title: str, text: str) -> Row | None:
    """What the learner thinks, named, then the hint."""
    others = [sentences(other)[0] for _, other in step.hints if other != text]
    others = [other for other in others if len(other.split()) <= 18]
    if not others:
        return None
    thought = _lower(choose.choice(others)).rstrip(".?:")
    idea = f"Thinks about this: {thought}"
    learner = choose.choice((*_WRONG, *_STUCK))
    prompt = _prompt(step, title, text, "misconception", "name the idea, then hint", learner, idea)
    lead = choose.choice(("Let's look at this idea:", "Your idea seems to be this:"))
    return {"prompt": prompt, "reply": f"{lead} {thought}. {text}"}


def _echo_learner(choose: random.Random, step: Step, title: str, text: str) -> Row | None:
    """A few of the learner's own words, then the hint."""
    others = [other for _, other in step.hints if other != text]
    if not others:
        return None
    said = _lower(" ".join(choose.choice(others).split()[:8])).rstrip(".,?:;")
    learner = choose.choice(_SAYS).format(words=said)
    prompt = _prompt(step, title, text, "wrong words", "echo, then hint", learner)
    return {"prompt": prompt, "reply": f'You say "{said}". {text}'}


def _lower(text: str) -> str:
    """Lower the first letter, except of abbreviations and placeholders."""
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
