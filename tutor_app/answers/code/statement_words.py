"""Python statements in plain words, one sentence each."""

import ast

from tutor_app.answers.code.expression_words import code, listed, parameters, words

_KEPT: dict[type[ast.operator], str] = {
    ast.Add: "Adds {1} to {0}",
    ast.Sub: "Takes {1} away from {0}",
    ast.Mult: "Multiplies {0} by {1}",
    ast.Div: "Divides {0} by {1}",
}
_INSIDE = "the lines moved in below"


def sentence(node: ast.stmt) -> str:
    """Say what a statement does; of one with a block, what its first line does."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            takes = parameters(node.args)
            given = f" with the {'parameters' if len(takes) > 1 else 'parameter'} {listed(takes)}"
            return (
                f"Defines the function `{node.name}`{given if takes else ', without parameters'}; "
                f"{_INSIDE} run each time it is called."
            )
        case ast.ClassDef():
            return f"Defines the class `{node.name}`: a kind of object with its own functions."
        case ast.Return(None):
            return "Ends the function without giving anything back."
        case ast.Return(value) if value is not None:
            return f"Ends the function and gives back {words(value)}."
        case ast.Assign(targets, value):
            return _assigned(targets[-1], value)
        case ast.AnnAssign(target, _, value) if value is not None:
            return _assigned(target, value)
        case ast.AugAssign(target, operator, value):
            how = _KEPT.get(type(operator), "Computes {0} and {1} together")
            return f"{how.format(code(target), words(value))}, and keeps the result there."
        case ast.For(target, iterated):
            return (
                f"Goes through {words(iterated)}, one after the other; each time {code(target)} is "
                f"the next one and {_INSIDE} run."
            )
        case ast.While(test):
            return f"Repeats {_INSIDE} as long as {words(test)}."
        case ast.If(test):
            return f"Runs {_INSIDE} only if {words(test)}."
        case ast.Expr(ast.Constant(str())):
            return "A text for people who read the program; it does nothing."
        case ast.Expr(ast.Constant(value)) if value is Ellipsis:
            return "Does nothing; it holds the place for lines to come."
        case ast.Expr(ast.Call(ast.Name("print"), given)):
            return f"Prints {listed(map(words, given))}." if given else "Prints an empty line."
        case ast.Expr(ast.Call(ast.Attribute(value, "append"), [item])):
            return f"Puts {words(item)} at the end of {words(value)}."
        case ast.Expr(ast.Call(called)):
            return f"Calls `{ast.unparse(called)}`; what it gives is not kept."
        case ast.Expr(value):
            return f"Works out {words(value)} and does not keep it."
        case _:
            return _rarer(node)


def _assigned(target: ast.expr, value: ast.expr) -> str:
    match target:
        case ast.Tuple(names) | ast.List(names):
            return f"Gives {listed(map(code, names))} the parts of {words(value)}, in this order."
        case ast.Subscript(holder, place):
            return f"Puts {words(value)} at {words(place)} into {words(holder)}."
        case _:
            return f"Gives {code(target)} the value: {words(value)}."


def _rarer(node: ast.stmt) -> str:
    match node:
        case ast.Import(names):
            return f"Makes the module {listed(f'`{n.name}`' for n in names)} usable."
        case ast.ImportFrom(module, names):
            return f"Takes {listed(f'`{n.name}`' for n in names)} from the module `{module}`."
        case ast.Pass():
            return "Does nothing; a block needs at least one line."
        case ast.Break():
            return "Leaves the loop at once."
        case ast.Continue():
            return "Goes on with the next round of the loop at once."
        case ast.Try():
            return f"Tries {_INSIDE}; if one of them raises an error, goes on at `except`."
        case ast.Raise(error) if error is not None:
            return f"Raises an error: {words(error)}."
        case ast.Assert(test):
            return f"Raises an error unless {words(test)}."
        case ast.With(items):
            return f"Opens {listed(words(i.context_expr) for i in items)} for {_INSIDE}."
        case ast.Delete(targets):
            return f"Removes {listed(map(code, targets))}."
        case ast.Global(names) | ast.Nonlocal(names):
            return f"Says that {listed(f'`{n}`' for n in names)} is a name from outside."
        case _:
            return f"A statement that begins with `{ast.unparse(node).split()[0]}`."
