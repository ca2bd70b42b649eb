"""The words that stand over columns, in the languages that exports come in."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

Role = Literal[
    "id", "email", "login", "last name", "first name", "name", "group", "language", "question",
    "answer", "score", "time", "student", "other",
]  # fmt: skip

_WORDS: dict[Role, str] = {
    "id": "student id|student number|student no|id|sid|sis id|sis user id|user id|uid|uin|"
    "learner id|id number|identifier|matriculation number|answer id|participant id|"
    "matrikelnummer|matrikel|matrnr|id nummer|numero d identification|"
    "numero d etudiant|identifiant|numero de id|numero de identificacion|identificador|"
    "matricula|netid|net id|candidate|candidate number|submission id",
    "student": "student|learner|participant|candidate|teilnehmer|teilnehmerin|schuler|etudiant|"
    "eleve|estudiante|alumno",
    "login": "username|user name|user|login|login id|sis login id|benutzername|anmeldename|"
    "nom d utilisateur|nombre de usuario|usuario|account",
    "email": "email|e mail|email address|e mail address|mail|e mail adresse|adresse de courriel|"
    "adresse e mail|courriel|direccion de correo|correo electronico|"
    "direccion de correo electronico|indirizzo email",
    "last name": "last name|lastname|surname|family name|nachname|familienname|nom|"
    "nom de famille|apellido|apellidos|apellido s|cognome",
    "first name": "first name|firstname|given name|forename|vorname|prenom|nombre|nome",
    "name": "name|full name|fullname|student name|learner name|vollstandiger name|nom complet|"
    "nombre completo|preferred name|display name",
    "group": "section|sections|section name|group|groups|class|gruppe|gruppen|klasse|groupe|"
    "groupes|grupo|grupos|tutorial|cohort|seccion",
    "language": "language|lang|sprache|langue|idioma",
    "question": "question|question id|question name|question title|question text|prompt|item|"
    "item id|task|frage|aufgabe|pregunta|problem|qid",
    "answer": "answer|answers|answer text|response|responses|response text|student answer|"
    "student response|submitted answer|submission|submission text|essay|text|online text|"
    "antwort|antworten|texteingabe online|abgabe|reponse|reponses|texte en ligne|respuesta|"
    "respuestas|texto en linea|reply|content",
    "score": "score|grade|mark|marks|points|total|total score|max points|maximum grade|max score|"
    "bewertung|punkte|note|calificacion|label|gold|feedback|feedback comments|comments|comment|"
    "kommentar|status|state|attempt|attempts|reference answer|reference answers|right answer|"
    "rubric|grader|tags|adjustment",
    "time": "time|date|timestamp|submitted|submitted at|submission time|submission date|"
    "start time|completion time|started|started on|completed|duration|time taken|last modified|"
    "last modified submission|last modified grade|zeitstempel|horodateur|marca temporal",
}
_ROLE_OF: dict[str, Role] = {
    word: role for role, words in _WORDS.items() for word in words.split("|")
}
# "Response 1" of a Moodle quiz, in the language of the site; "Question 1", "Right answer 1".
NUMBERED_ANSWER = re.compile(
    r"(?:response|answer|antwort|reponse|respuesta|risposta|resposta|antwoord|svar|odpowiedz|vastaus"
    r"|ответ|відповідь|回答|解答)\s*(\d+)"
)
NUMBERED_QUESTION = re.compile(
    r"(?:question|frage|pregunta|domanda|questao|vraag|fraga|sporgsmal|pytanie|вопрос|問題)\s*(\d+)"
)
NUMBERED_KEY = re.compile(
    r"(?:right answer|richtige antwort|bonne reponse|reponse correcte|respuesta correcta"
    r"|risposta corretta|resposta correta|juiste antwoord|правильный ответ)\s*(\d+)"
)


def plain(heading: str) -> str:
    """Return a heading in lower case, without accents and signs: "E-Mail:" is "e mail"."""
    apart = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())


def role_of(heading: str) -> Role:
    """Return what a heading says its column holds; "other" where it is none of the known words."""
    return _ROLE_OF.get(plain(heading), "other")


def columns_of(headings: Sequence[str], *roles: Role) -> tuple[int, ...]:
    """Return the columns of some roles, in the order of the roles, then of the columns."""
    found = [role_of(heading) for heading in headings]
    return tuple(n for role in roles for n, one in enumerate(found) if one == role)


def people(headings: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the columns that identify a person, best first, and those that make up the name.

    "Student" is a name beside an ID, and the ID where it stands alone.
    """
    ids, student = columns_of(headings, "id", "login", "email"), columns_of(headings, "student")
    name = columns_of(headings, "name")[:1] or columns_of(headings, "first name", "last name")
    if not ids:
        ids = student
    elif not name:
        name = student[:1]
    return ids, name


def named(headings: Sequence[str], *words: str) -> int | None:
    """Return the first column that has one of these plain headings; None where there is none."""
    wanted = set(words)
    return next((n for n, heading in enumerate(headings) if plain(heading) in wanted), None)
