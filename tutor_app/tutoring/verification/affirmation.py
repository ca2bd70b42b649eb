"""Does a reply confirm a value, option or idea that the learner has not earned?"""

import re
from dataclasses import replace

from tutor_app.domain.dialogue import State
from tutor_app.domain.item import (
    ChoiceAnswer,
    ExactAnswer,
    NumericAnswer,
    SymbolicAnswer,
    TextAnswer,
)
from tutor_app.tutoring.verification.choices import letters_named
from tutor_app.tutoring.verification.elements import elements_shown_by, touches_element
from tutor_app.tutoring.verification.exact import confirms_exact
from tutor_app.tutoring.verification.expressions import calculate
from tutor_app.tutoring.verification.statements import means, read
from tutor_app.tutoring.verification.terms import to_terms
from tutor_app.tutoring.verification.tokens import Token, tokenize
from tutor_app.tutoring.verification.values import Value
from tutor_app.tutoring.verification.withheld import Target, Withheld, formula_targets, is_settled

_YES = (
    r"yes|yep|yeah|yup|yea|aye|exactly|precisely|correct|indeed|bingo|absolutely|affirmative|"
    r"agreed|"
    r"certainly|definitely|of course|spot on|dead on|right on|bull'?s[- ]?eye|nailed it|"
    r"well done|congratulations|congrats|bravo|perfect|true|sure|you bet|undoubtedly|totally|"
    r"no doubt|that'?s it|got it|you (?:have )?got it|right|si|sí|oui|ja|genau|richtig|"
    r"correcto|exacto|exactement|esatto|certo|sim|amen|roger"
)
_OPENS = re.compile(
    rf"^\W*(?:(?:oh|ah|well|hm+|why|and|so|but|great|good|nice|wow|hey|hello|hi)\W+)?(?:{_YES})"
    r"(?=\s*(?:[,.!:;—–)]|-\s|$|(?:that|it|you|this|your|we|indeed|and|again|sir|of course|on|"
    r"right|correct|so|true)\b))",
    re.I,
)
_SAYS_SO = re.compile(
    r"\b(?:that|that number|that value|it|this|your (?:answer|value|number|result|guess|"
    r"choice|pick|"
    r"figure|formula|idea|option|calculation|last line|conclusion|reasoning)|you|"
    r"(?:the )?(?:number|value|answer|guess|result|option|choice))"
    r"(?:'s| is| are|'re| was| were| looks?| sounds?| seems?| has to be| must be)"
    r"(?: (?:all|quite|exactly|absolutely|completely|entirely|totally|indeed|just|perfectly|"
    r"already|"
    r"definitely|really|the|a))*"
    r" (?:right|correct|true|accurate|spot on|perfect|fine|it|valid|one|ok(?:ay)?|golden|the truth|"
    r"on the money|on target|100|good)\b(?! (?:that|about|to|in (?:saying|that|using)|side|hand|"
    r"angle|now|track|direction|idea|place|path|start|point|question|way|thing|step|when|because))",
    re.I,
)
_OTHER = re.compile(
    r"\byou(?:'ve| have)? (?:got|nailed|found|cracked|solved|hit|done|made|landed on|reached|"
    r"worked) "
    r"(?:it|the (?:right |correct )?(?:answer|solution|one|value|number|result))\b"
    r"|\b(?:i|i'd|i would|we) (?:fully |completely |also |can only )?(?:agree|concur|confirm|"
    r"accept)\b"
    r"(?! (?:that|to)\b)|\b(?:cannot|can't|could not|couldn't) (?:argue|disagree|fault|"
    r"have said it better)"
    r"|\b(?:write|put|enter|type|submit|keep|lock|hand|stick|go|stay|run) (?:it|that|this|with|in)"
    r"(?: number| value| one| answer| option| choice| guess)?(?: down| in| with|"
    r" into the (?:answer )?box)?"
    r"(?: (?:it|that|this|your))?(?: (?:number|value|one|answer|option|choice|"
    r"guess))?\s*(?:[.!,]|$)"
    r"|\b(?:no (?:need|reason) to (?:change|look|doubt|correct|check)|nothing (?:to (?:change|"
    r"fix|add|"
    r"correct)|wrong|is wrong)|you (?:can|may) (?:stop|submit|relax|move on)|"
    r"matches (?:mine|my|what i|the (?:answer|key|solution))|i (?:have|had|get|got) the same)\b"
    r"|👍|✅|✔|☑|💯|🎯|🎉|👌|🙌|👏|✓|⭕",
    re.I,
)
_NEGATED = re.compile(
    r"\b(?:not|isn't|aren't|wasn't|never|no|hardly|nearly|almost|doesn't|don't|would|if|whether|"
    r"could|is|are|was|does|why|how|what|which|check|sure|should|unless|until|when|once)\b"
    r"(?:\W+\w+){0,3}\W*$",
    re.I,
)


_SHORT_ANSWER = 12


_POSITIVE = re.compile(
    r"\b(?:yes|yep|yeah|right|correct|good|great|nice|works?|fine|trust|confident|agreed?|"
    r"sure|done|"
    r"indeed|perfect|true|exactly|bet|percent|objections?|change|move on|next (?:one|item|problem)|"
    r"better|what i (?:have|got|get)|"
    r"keep|stick|believe|accept|settled?|safe|stop there|proud|same|matches|wrong)\b|100 ?%|👍|"
    r"✓|✔|✅",
    re.I,
)
_NEUTRAL = re.compile(
    r"\b(?:how|show|write|explain|tell|check|try|look|work|sketch|draw|draft|start|test|"
    r"compare|put|"
    r"what|which|where|why did|who|when)\b",
    re.I,
)
_NOT = re.compile(r"\b(?:not|no|never|nor|cannot|\w+n't)\b", re.I)
_ASKS_FOR_WORK = re.compile(
    r"\W*(?:show|write|explain|tell|check|try|look|work|sketch|draw|put|before)\b", re.I
)
_REMARK = 6


def leans_towards(text: str) -> bool:
    """Say whether a reply to a right guess lets it be seen that the guess is right.

    Stricter than `affirms`: a word of approval anywhere outside a question counts, and so does a
    short remark that asks nothing and sends the learner nowhere.
    """
    for sentence in re.findall(r"[^.!?\n]+[.!?\n]*", text) or [text]:
        if "?" in sentence and not re.search(r"\bwhy\b.*\bchange\b", sentence, re.I):
            continue
        found = _POSITIVE.search(sentence)
        denied = _NOT.search(sentence)
        doubly = found is not None and found[0].lower() in (
            "wrong",
            "objections",
            "objection",
            "better",
        )
        if found and bool(denied) == doubly and not _asks_for_work(sentence):
            return True
        remark = len(sentence.split()) <= _REMARK
        if remark and not denied and not _NEUTRAL.search(sentence):
            return True
    return False


def _asks_for_work(sentence: str) -> bool:
    return bool(_ASKS_FOR_WORK.match(sentence))


def affirms(text: str) -> bool:
    """Say whether the reply agrees with what was just said, as a whole."""
    for sentence in re.findall(r"[^.!?\n]+[.!?\n]*", text) or [text]:
        if _OPENS.match(sentence) and not re.match(
            r"\W*(?:right|sure|ok(?:ay)?|true|correct)\b\W*(?:now|so|then|but)?\b[^.!]*\?",
            sentence,
            re.I,
        ):
            return True
        for pattern in (_SAYS_SO, _OTHER):
            found = pattern.search(sentence)
            if found is None or _NEGATED.search(sentence[: found.start()]):
                continue
            if "?" not in sentence or pattern is _OTHER:
                return True
    return bool(_OTHER.search(text)) and bool(re.search("[👍✅✔☑💯🎯🎉👌🙌👏✓⭕]", text))


def confirmed(text: str, hidden: Withheld) -> str:
    """Return why the reply confirms what it must not, or ""."""
    context = hidden.context
    diagnosis = context.diagnosis
    if not context.learner_texts:
        return ""
    said_yes = affirms(text)
    if not said_yes and not leans_towards(text):
        return ""
    if is_settled(context) or diagnosis.state is State.STEP_RIGHT:
        return ""
    said = context.learner_texts[-1]
    answer = context.item.answer
    if isinstance(answer, ChoiceAnswer):
        named = letters_named(said, answer, lone=True)
        if answer.correct in named:
            return "confirms the right option"
        return "confirms a wrong option" if named and said_yes else ""
    if isinstance(answer, TextAnswer):
        guess = said.replace("?", ".")
        if said in context.counted_texts:
            return ""
        if elements_shown_by(guess, hidden) or touches_element(guess, hidden):
            return "confirms a key element"
        return ""
    if isinstance(answer, SymbolicAnswer):
        return _confirmed_formula(said, hidden, said_yes=said_yes)
    if isinstance(answer, ExactAnswer):
        return confirms_exact(said, hidden)
    if isinstance(answer, NumericAnswer):
        return _confirmed_number(said, hidden, said_yes=said_yes)
    return ""


def _confirmed_number(said: str, hidden: Withheld, *, said_yes: bool) -> str:
    tokens = tokenize(said)
    candidates = [t for t in tokens if t.kind == "num" and _could_be_an_answer(t, said, hidden)]
    for token in candidates:
        for target in hidden.targets:
            if means(target, token) and not hidden.is_given(token):
                return f"confirms {target.name}, which the learner only guessed: {token.text!r}"
    if (
        said_yes
        and candidates
        and _is_an_answer(said, hidden)
        and not _holds(candidates[-1], said, hidden)
    ):
        return f"confirms a value that is not right: {candidates[-1].text!r}"
    if _is_an_answer(said, hidden) and _confirms_formula_of_numeric(said, hidden):
        return "confirms the formula of the final answer"
    return ""


def _is_an_answer(said: str, hidden: Withheld) -> bool:
    """Say whether the learner put a number forward, and did not only work with numbers."""
    return len(said.split()) <= _SHORT_ANSWER or hidden.context.diagnosis.check is not None


def _could_be_an_answer(token: Token, said: str, hidden: Withheld) -> bool:
    small = token.value.is_integer() and abs(token.value) <= 3 and not token.unit
    return not hidden.is_given(token, by_learner=False) and not (small and len(tokenize(said)) > 3)


def _holds(token: Token, said: str, hidden: Withheld) -> bool:
    """Say whether the learner's number is a shown step, or follows from their own calculation."""
    solution = hidden.context.solution
    known = [*solution.steps.values(), *([solution.answer] if solution.answer else [])]
    if any(abs(m.value - token.value) <= 0.01 * abs(m.value) for m in known):
        return True
    terms = to_terms(tokenize(said), hidden.vocabulary)
    for equation in calculate(terms, hidden.meaning).equations:
        for left in equation.left.readings:
            if left.operations and abs(left.samples[0] - token.value) <= 0.01 * abs(token.value):
                return True
    return False


def _confirms_formula_of_numeric(said: str, hidden: Withheld) -> bool:
    terms = to_terms(tokenize(said), hidden.vocabulary)
    final = hidden.final
    if final is None:
        return False
    for part in calculate(terms, hidden.meaning).parts:
        for value in part.readings:
            if not value.unknown and value.operations and final.equals(value.samples[0], 0.006):
                return True
    return False


def _confirmed_formula(said: str, hidden: Withheld, *, said_yes: bool) -> str:
    final = hidden.final
    if final is None:
        return ""
    reading = read((), said)
    terms = to_terms(reading.tokens, hidden.vocabulary)
    parts = calculate(terms, hidden.meaning).parts
    for part in parts:
        for value in part.readings:
            if not value.unknown and _same(value, final):
                return "confirms the final formula, which the learner only guessed"
    context = hidden.context
    shown = context.diagnosis.model_copy(update={"steps_shown": ()})
    steps = formula_targets(replace(context, diagnosis=shown))
    if any(_same(v, step) for step in steps for part in parts for v in part.readings):
        return ""
    whole = [p for p in parts if p.end == len(terms) or p.start == 0]
    return "confirms a formula that is not right" if whole and said_yes else ""


def _same(value: Value, target: Target) -> bool:
    return all(
        abs(a - b) <= 1e-6 * abs(b)
        for a, b in zip(value.samples[:2], target.samples[:2], strict=True)
    )
