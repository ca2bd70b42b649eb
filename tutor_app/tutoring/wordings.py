"""The tutor's own sentences, by situation. `{name}` is filled by candidates.py.

Each row holds several wordings so that a dialogue does not repeat itself; none carries a number.
"""

import re

MAX_THOUGHT_WORDS = 10

LEADS: dict[str, tuple[str, ...]] = {
    "stuck": (
        "Let us make it small.",
        "One small piece first.",
        "Leave the rest aside for a moment.",
    ),
    "no attempt": ("Start with one piece.", "A first small thing.", "Begin here."),
    "asks for the answer": (
        "Let us make it small instead.",
        "A smaller piece first.",
        "You can reach it from here.",
    ),
    "wrong": (
        "You wrote {yours}; that does not fit yet.",
        "{yours} is not it yet.",
        "You have {yours}. Something before it is off.",
    ),
    "thought": ("You wrote “{quoted}”.", "You say “{quoted}”."),
    "equation": (
        "You wrote “{quoted}”. Hold it against this.",
        "You wrote “{quoted}”. Test it with this question.",
    ),
    "answered": ("You say “{quoted}”.", "Your answer is “{quoted}”.", "You answer “{quoted}”."),
    "answered in place": (
        "You say “{quoted}”: that belongs here.",
        "You say “{quoted}”, which has its place in this step.",
    ),
    "teach": ("One thing to use here.", "This is the piece you need.", "Take this with you."),
}

SENTENCES: dict[str, tuple[str, ...]] = {
    "right": ("Yes, {yours}. {why}", "{yours} is right. {why}", "That is it: {yours}. {why}"),
    "right words": (
        "Yes, your explanation holds. {why}",
        "That covers it. {why}",
        "Your reasoning is complete. {why}",
    ),
    "unit": (
        "The number in {yours} is right. Which unit belongs to it here?",
        "{yours}: the number holds, the unit does not. What is being asked for, and in what unit?",
    ),
    "unit missing": (
        "The number in {yours} is right, but no unit stands behind it. In what unit is it asked?",
        "{yours}: the number holds, and its unit is still missing. What kind of quantity is it?",
    ),
    "sign": (
        "The size of {yours} is right. Which direction did you call positive?",
        "{yours} has the right size. What does its sign say about the direction?",
    ),
    "rounding": (
        "{yours} is very close. Keep more digits on the way and round once, at the end.",
        "Nearly: {yours} looks like rounding on the way. What do you get with more digits kept?",
    ),
    "cannot tell numeric": (
        "I could not read an answer in that, and it cost you nothing. Type a number with its unit.",
        "No attempt used: I found no single value there. Write just the number and its unit.",
    ),
    "cannot tell direction": (
        "I cannot turn that direction into a sign, and it cost you nothing. "
        "Type the number with + or − before it.",
        "No attempt used. Write the direction as a sign before the number, + or −.",
    ),
    "cannot tell symbolic": (
        "I read {yours} there; it cost you nothing. Write one formula in the symbols {symbols}.",
        "No attempt used: I read {yours}. Write one formula with nothing but {symbols} in it.",
    ),
    "cannot tell exact": (
        "{reason} It cost you nothing.",
        "No attempt used. {reason}",
    ),
    "cannot tell choice": (
        "I could not tell which option you mean; no attempt used. Type its letter.",
    ),
    "cannot tell text": (
        "I could not follow that, and it cost you nothing. Say it in one full sentence?",
        "No attempt used. Can you put that into one full sentence?",
        "Too short for me to judge, so it does not count. What would the whole sentence be?",
    ),
    "right code": (
        "Yes, every test passes. {why}",
        "Your program does what is asked in every test. {why}",
    ),
    "cannot tell code": (
        "{said} It cost you nothing.",
        "No attempt used. {said}",
    ),
    "step right code": (
        "Part of it works now: “{goal_done}”. {next}",
        "The tests for “{goal_done}” pass. {next}",
    ),
    "trace code": (
        "{shows} Go through that case by hand, one line at a time. "
        "After which line does a variable hold something you did not expect?",
        "{shows} Write down what every variable holds after each line of that case. "
        "Where does it first differ from what you had in mind?",
    ),
    "printed": (
        "{shows} Look at the screen and at the call: what does your function print, and what does "
        "it give back?",
        "{shows} Suppose another line wants to go on computing with that call. What does it get, "
        "and what only shows on the screen?",
    ),
    "show working code": (
        "{shows} Before you change anything: what should each variable hold after the first "
        "few lines?",
        "{shows} Tell me in words what your program does with that case, from the first line on?",
    ),
    "no rung code": (
        "{shows} My hints for this step stand above. Which of them fits that case?",
        "{shows} The hints above are all I have here. Try the last one on that case, by hand.",
    ),
    "endless": (
        "{shows} Which line of yours repeats, and what would have to happen for it to stop?",
        "{shows} Which lines are carried out again and again? What changes from one round "
        "to the next?",
    ),
    "floor code": (
        "The piece to settle now: {goal}. Which line of your program is there for it?",
        "Take just this: {goal}. How would you do it by hand?",
    ),
    "done code": (
        "No program of yours passes every test yet. What does it do so far?",
        "The tests are still open. Which of them would you run first?",
    ),
    "step right": (
        "{yours} holds: that settles “{goal_done}”. {next}",
        "Good use of the problem: {yours} is right for “{goal_done}”. {next}",
        "Yes, {yours} belongs there. {next}",
    ),
    "step right words": (
        "“{quoted}”: that part holds. {next}",
        "You have one part: “{quoted}”. {next}",
    ),
    "show working": (
        "Your last answers came without working. Write your first line: which quantities go in?",
        "Let me see how you get there. What is the first line you write down?",
    ),
    "try first": (
        "You have several hints open. Use the last one now: what do you write down for it?",
        "Before the next hint, try the last one. What does it give you?",
    ),
    "why": (
        "Because this step is still open: {goal}. Which words of the problem point to it?",
        "It leads to the next piece: {goal}. What would be missing without it?",
    ),
    "answered": (
        "You say “{quoted}”. Put it to use: {goal}. What do you write down?",
        "You say “{quoted}”. Make one line of working out of that: {goal}. What is it?",
        "You answer “{quoted}”. What does that give you for this: {goal}?",
    ),
    "no rung": (
        "My hints for this step stand above. Which of them can you use? "
        "You may also skip this item.",
        "The hints above are all I have for this step. Try the last one once more, or skip "
        "this item.",
    ),
    "social": (
        "Hello. Where would you start with this one?",
        "Glad you are here. What is the first thing you notice in the problem?",
    ),
    "thanks": (
        "You are welcome. This exercise stays open, so you can come back to it whenever you like.",
        "Glad to help. Nothing is lost here: the exercise waits where you left it.",
    ),
    "frustrated": (
        "That sounds frustrating, and it happens to most people who learn this. "
        "Leave the whole aside and take one small piece: {goal}. What would you try first?",
        "It is all right to be fed up with this one. One small piece is enough for now: {goal}. "
        "What do you notice about it?",
    ),
    "off-topic": (
        "That is outside this course, so back to ours. What is the problem asking you to find?",
        "I can only help with the course. Which part of this item is unclear?",
    ),
    "done": (
        "I have no right answer from you yet. What would you put in the answer box?",
        "The answer box is still open. What do you have so far?",
    ),
    "closed": (
        "This item is closed for today. Take the next one; this one comes back.",
        "We are done with this item for now. It comes back another day.",
    ),
    "skip": ("Skipped. It comes back another day.", "Put aside for now; you will see it again."),
    "floor": (
        "The piece to settle now: {goal}. What in the problem helps with it?",
        "Take just this: {goal}. What would you write first?",
        "Look at one thing only: {goal}. Which given quantity has to do with it?",
    ),
    "last resort": (
        "Tell me in your own words: what would you do first here?",
        "Read the problem once more. What is given, and what is asked?",
        "What have you settled so far, and what is still open?",
    ),
    "use it": ("Use it now: {goal}.", "Now yours: {goal}."),
    "back": ("Back to our step: {goal}.", "With that: {goal}."),
    "not in course": (
        "I did not find that in the course material. I have kept your question for the instructor.",
        "The course notes do not answer that, so your instructor will see the question.",
    ),
    "reason it": (
        "How does that bear on the problem above?",
        "What does that mean for this problem?",
    ),
}


def thought(quoted: str) -> str:
    """Return the learner's words where a reply may begin with them, else "".

    One short sentence with a thought in it; to hear "12" or half an essay back helps nobody.
    """
    words = quoted.split()
    one_sentence = not re.search(r"[.!?;]\s", quoted) and not quoted.endswith("…")
    says_something = sum(len(re.findall(r"[^\W\d_]", word)) >= 3 for word in words) >= 2
    fits = 2 <= len(words) <= MAX_THOUGHT_WORDS
    return quoted.rstrip(".") if fits and one_sentence and says_something else ""
