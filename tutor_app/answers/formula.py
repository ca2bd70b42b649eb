"""Formulas of authors and learners: parse, evaluate, show.

The grammar is our own (formula.lark): no text ever reaches eval, SymPy's parse_expr or sympify,
and length, depth and exponents are bounded, so neither parsing nor evaluating can take long.
"""

from tutor_app.answers.formula_grammar import parse_formula
from tutor_app.answers.formula_latex import to_latex, to_text
from tutor_app.answers.formula_tree import Formula
from tutor_app.answers.formula_values import FUNCTIONS, evaluate, evaluate_measures

__all__ = [
    "FUNCTIONS",
    "Formula",
    "evaluate",
    "evaluate_measures",
    "parse_formula",
    "to_latex",
    "to_text",
]
