"""Altered answers: a right answer with one thing changed, as a mistake in typing would."""

import ast

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
PARTNERS = [("min", "max"), ("sum", "mean"), ("sin", "cos"), ("log", "exp")]
NAMES = {one: other for pair in PARTNERS for one, other in (pair, pair[::-1])}
LIBRARIES = ("torch", "F", "math")


class Exchange(ast.NodeTransformer):
    """Put the node `new` where `old` is."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def altered(source):
    """Yield (note, source) for each change of the function in `source`; no two are the same.

    An argument is also ignored: replaced by 1, and by what the first call was given.
    """
    tree = ast.parse(source)
    assert not any(isinstance(node, ast.While) for node in ast.walk(tree)), "might never end"
    before = ast.unparse(tree)
    seen = {before}
    for old in list(ast.walk(tree)):
        for new in changes(old):
            Exchange(old, new).visit(tree)
            after = ast.unparse(ast.fix_missing_locations(tree))
            Exchange(new, old).visit(tree)  # back again
            if after not in seen:
                seen.add(after)
                yield note(before, after), after
    (function,) = tree.body
    head, body = before.split("\n", 1)
    for name in (argument.arg for argument in function.args.args):
        kept = f"    {name} = kept.setdefault('{name}', {name})"
        yield f"{name} as in the first call", f"kept = {{}}\n{head}\n{kept}\n{body}"
        yield f"{name} = 1", f"{head}\n    {name} = 1\n{body}"


def note(before, after):
    """The line that differs, as it was and as it is."""
    lines = zip(before.splitlines(), after.splitlines(), strict=True)
    return next(f"{old.strip()} → {new.strip()}" for old, new in lines if old != new)


def changes(node):
    """Yield what may stand in place of this node."""
    match node:
        case ast.BinOp(left, op, right):
            for other in OPERATORS:
                if not isinstance(op, other):
                    yield ast.BinOp(left, other(), right)
            if not isinstance(op, ast.Add | ast.Mult):
                yield ast.BinOp(right, op, left)
            if isinstance(op, ast.MatMult):
                yield ast.BinOp(ast.Attribute(left, "T"), op, right)
                yield ast.BinOp(left, op, ast.Attribute(right, "T"))
        case ast.AugAssign(target, op, value):
            for other in OPERATORS:
                if not isinstance(op, other):
                    yield ast.AugAssign(target, other(), value)
            yield ast.Pass()
        case ast.Compare(left, [op], others):
            for other in COMPARISONS:
                if not isinstance(op, other):
                    yield ast.Compare(left, [other()], others)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)
        case ast.If(_, body, orelse):
            yield from (ast.If(ast.Constant(always), body, orelse) for always in (True, False))
        case ast.Assign() | ast.Expr():
            yield ast.Pass()
        case ast.Constant(value):
            yield from map(ast.Constant, constants(value))
        case ast.Tuple(elements, context) | ast.List(elements, context):
            yield from (type(node)(swapped, context) for swapped in swaps(elements))
        case ast.Call():
            yield from calls(node)
        case ast.Attribute(value, "T"):
            yield value
        case ast.Attribute(value, name, context) if name in NAMES:
            yield ast.Attribute(value, NAMES[name], context)
        case ast.Name("min" | "max", context):
            yield ast.Name(NAMES[node.id], context)


def constants(value):
    """Yield 0, 1 or 2 minus and plus 1; or einsum's text with one factor's letters reversed."""
    if isinstance(value, str) and "->" in value:
        factors = value.split("->")[0].split(",")
        for factor in factors:
            yield value.replace(factor, factor[::-1], 1)
    elif type(value) in (int, float) and value in (0, 1, 2):
        yield from (value - 1, value + 1)


def swaps(items):
    """Yield the list with each two neighbours swapped."""
    for i in range(len(items) - 1):
        yield [*items[:i], items[i + 1], items[i], *items[i + 2 :]]


def calls(call):
    """Yield a call with two arguments swapped or a keyword changed, and what it is called on."""
    function, arguments, keywords = call.func, call.args, call.keywords
    if not isinstance(function, ast.Name) or function.id not in NAMES:  # min(a, b) is min(b, a)
        for swapped in swaps(arguments):
            yield ast.Call(function, swapped, keywords)
    for i, keyword in enumerate(keywords):
        others = [*keywords[:i], *keywords[i + 1 :]]
        yield ast.Call(function, arguments, others)
        if keyword.arg in NAMES:
            renamed = ast.keyword(NAMES[keyword.arg], keyword.value)
            yield ast.Call(function, arguments, [*others, renamed])
    if isinstance(function, ast.Attribute) and not library(function):
        yield function.value
    elif arguments:
        yield arguments[0]


def library(function):
    """Does it belong to a module: torch.linalg.eigvalsh, F.one_hot, math.log?"""
    return ast.unparse(function).split(".")[0] in LIBRARIES
