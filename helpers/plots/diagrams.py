"""Diagrams: a flow of boxes forward and back, the graph that autograd recorded, a game's board."""

import re

from helpers.plots.style import BLUE, GREY, ORANGE, describe, new_axes

SYMBOLS = {"Add": "+", "Sub": "−", "Mul": "×", "Div": "÷", "Pow": "power", "Mm": "@", "Mv": "@"}
LEAF = {"boxstyle": "square,pad=0.5", "fc": "#DCEBF7", "ec": BLUE}
OPERATION = {"boxstyle": "round4,pad=0.5", "fc": "white", "ec": ORANGE}
FORWARD = {"boxstyle": "round,pad=0.5", "fc": "#DCEBF7", "ec": BLUE}
BACKWARD = {"boxstyle": "round,pad=0.5", "fc": "#FBE6DA", "ec": ORANGE}


def draw_flow(forward, backward=(), *, title, over=(), under=(), loop=False, ax=None):
    """Draw the texts `forward` in boxes from left to right, and `backward` from right to left.

    The boxes of `backward` stand below those of `forward`, the last below the last; None leaves a
    place empty. `over` and `under` are texts at the arrows from box to box. The last box forward
    leads to the last one backward, and with `loop` the first one backward leads up again.
    """
    ax = new_axes(ax, (8.2, 3.0 if backward else 1.5))
    ax.set_axis_off()
    ax.set(xlim=(-0.5, len(forward) - 0.5), ylim=(-0.5 if backward else 0.5, 1.5))
    boxes = {}
    for height, texts, look in ((1, forward, FORWARD), (0, backward, BACKWARD)):
        start = len(forward) - len(texts)
        for column, text in enumerate(texts, start):
            if text is not None:
                place = {"ha": "center", "va": "center", "fontsize": 9}
                box = ax.text(column, height, text, bbox=look, **place)
                boxes[column, height] = box.get_bbox_patch()
    columns, lower = range(len(forward)), sorted(column for column, height in boxes if not height)
    pairs = [((k, 1), (k + 1, 1)) for k in columns[:-1]]
    pairs += [((lower[i + 1], 0), (lower[i], 0)) for i in range(len(lower) - 1)]
    pairs += [((lower[-1], 1), (lower[-1], 0))] if lower else []
    pairs += [((lower[0], 0), (lower[0], 1))] if loop else []
    for start, end in pairs:
        ends = {"patchA": boxes[start], "patchB": boxes[end], "shrinkA": 2, "shrinkB": 2}
        ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": GREY} | ends)
    for texts, height, first in ((over, 1.28, 0.5), (under, -0.28, lower[0] + 0.5 if lower else 0)):
        for k, text in enumerate(texts):
            ax.text(
                first + k, height, text, ha="center", va="center", fontsize=8.5, color="#404040"
            )
    ax.set_title(title, fontsize=11)
    there, back = (in_words(texts) for texts in (forward, backward[::-1]))
    return describe(ax, f"{title}. From left to right: {there}{'. Back: ' + back if back else ''}.")


def in_words(texts):
    """The texts of boxes in one line, in the order of the arrows."""
    return " → ".join(text.replace("\n", " ") for text in texts if text is not None)


def draw_graph(output, tensors, *, title, ax=None):
    """Draw the graph that autograd recorded behind `output`, inputs left and output right.

    `tensors` maps names to scalar tensors of the graph; their value and gradient are written in.
    Inputs are blue boxes, operations are round. Call it after `backward`; for gradients of
    intermediate tensors call `retain_grad` on them before.
    """
    ax = new_axes(ax, (8.5, 2.6))
    ax.set_axis_off()
    depths, edges = layers_of_graph(output.grad_fn)
    names = {graph_node(tensor): name for name, tensor in tensors.items()}
    places, boxes, descriptions = {}, {}, []
    for depth in range(max(depths.values()) + 1):
        layer = [node for node in depths if depths[node] == depth]
        for i, node in enumerate(layer):
            places[node] = (-depth, (len(layer) - 1) / 2 - i)
    for node, place in places.items():
        name, is_leaf = names.get(node), hasattr(node, "variable")
        named = lines_of_tensor(name, tensors[name]) if name else []
        if named:
            descriptions.append(" ".join([*operation_of(node), *named]))
        text = "\n".join([*operation_of(node), *named]).replace("-", "−")
        look = LEAF if is_leaf else OPERATION
        boxes[node] = ax.text(*place, text, ha="center", va="center", bbox=look).get_bbox_patch()
    for start, end in edges:
        ends = {"patchA": boxes[start], "patchB": boxes[end], "shrinkA": 0, "shrinkB": 0}
        arrow = {"arrowstyle": "-|>", "color": GREY} | ends
        ax.annotate("", places[end], places[start], arrowprops=arrow)
    heights = [height for _, height in places.values()]
    ax.set(xlim=(-max(depths.values()) - 0.5, 0.5), ylim=(min(heights) - 0.5, max(heights) + 0.5))
    ax.set_title(title, fontsize=11)
    listed = "; ".join(descriptions[::-1])
    return describe(ax, f"{title}. Computation graph, input to output: {listed}.")


def operation_of(node):
    """A list with the symbol of the node's operation, an empty one for an input."""
    kind = re.sub(r"Backward\d+$", "", node.name())
    return [] if hasattr(node, "variable") else [SYMBOLS.get(kind, kind.lower())]


def lines_of_tensor(name, tensor):
    """The tensor's value and, if it has one, its gradient, as lines of text."""
    gradient = [] if tensor.grad is None else [f"grad {tensor.grad.item():.4g}"]
    return [f"{name} = {tensor.item():.4g}", *gradient]


def graph_node(tensor):
    """The node of the graph that stands for this tensor: its grad_fn, or a leaf's accumulator."""
    return tensor.grad_fn or tensor.view_as(tensor).grad_fn.next_functions[0][0]


def layers_of_graph(node):
    """Return ({node: longest way to the output}, [(from, to) for each edge]) behind `node`."""
    depths, edges, waiting = {node: 0}, [], [node]
    while waiting:
        node = waiting.pop()
        for parent, _ in node.next_functions:
            if parent is None:
                continue
            if (parent, node) not in edges:
                edges.append((parent, node))
            if depths.get(parent, -1) <= depths[node]:
                depths[parent] = depths[node] + 1
                waiting.append(parent)
    return depths, edges


def marks(board):
    """The nine marks of a board of tic-tac-toe: "X", "O" or "".

    In `board` stones of the player to move are 1, of the other one -1; X has begun.
    """
    mover, other = ("X", "O") if sum(map(abs, board)) % 2 == 0 else ("O", "X")
    return [{1: mover, -1: other, 0: ""}[stone] for stone in board]


def draw_board(board, values, *, title, ax=None):
    """Draw a board of tic-tac-toe, and in free squares the value of a move there, from -1 to 1."""
    ax = new_axes(ax, (3.2, 3.3))
    shades = [[values.get(3 * row + column, 0) for column in range(3)] for row in range(3)]
    ax.imshow(shades, cmap="PuOr", vmin=-1.6, vmax=1.6)
    texts = marks(board)
    for i, text in enumerate(texts):
        look = {"fontsize": 24} if text else {"fontsize": 11}
        text = text or (f"{values[i]:+.2f}".replace("-", "−") if i in values else "")
        ax.text(i % 3, i // 3, text, ha="center", va="center", **look)
    for line in (0.5, 1.5):
        ax.axhline(line, color=GREY)
        ax.axvline(line, color=GREY)
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.set_title(title, fontsize=11)
    told = [
        text or (f"{values[i]:+.2f}" if i in values else "free") for i, text in enumerate(texts)
    ]
    return describe(ax, f"{title}. Squares from the top left, row by row: {', '.join(told)}.")
