"""Diagrams of what PyTorch does: how shapes are stretched, and how a result was computed."""

import re

from matplotlib.patches import Rectangle

from helpers.plots.style import BLUE, GREY, ORANGE, describe, new_axes

SYMBOLS = {"Add": "+", "Sub": "−", "Mul": "×", "Div": "÷", "Pow": "power", "Mm": "@", "Mv": "@"}
LEAF = {"boxstyle": "square,pad=0.5", "fc": "#DCEBF7", "ec": BLUE}
OPERATION = {"boxstyle": "round4,pad=0.5", "fc": "white", "ec": ORANGE}


def draw_broadcast(a, b, *, title, ax=None):
    """Draw a + b for tensors of up to two axes: both as they are stretched, and the sum.

    Cells that exist in memory are framed with a solid line, repeated ones with a dashed line.
    """
    ax = new_axes(ax, (7, 2.2))
    total = a + b
    rows, columns = (1, 1, *total.shape)[-2:]
    ax.set_axis_off()
    ax.set(xlim=(-0.1, 3 * columns + 2.1), ylim=(rows + 0.1, -0.7), aspect="equal")
    for block, (tensor, symbol) in enumerate(((a, "+"), (b, "="), (total, ""))):
        left = block * (columns + 1)
        draw_cells(ax, tensor, rows, columns, left)
        ax.text(left + columns / 2, -0.3, f"{tuple(tensor.shape)}", ha="center")
        ax.text(left + columns + 0.5, rows / 2, symbol, ha="center", va="center", fontsize=14)
    ax.set_title(title, fontsize=11)
    shapes = f"{tuple(a.shape)} plus {tuple(b.shape)} gives {tuple(total.shape)}"
    return describe(ax, f"{title}. {shapes}: the smaller axes are repeated, dashed, to fit.")


def draw_cells(ax, tensor, rows, columns, left):
    """Draw a tensor, stretched to (rows, columns), as a grid of cells from `left` on."""
    own_rows, own_columns = (1, 1, *tensor.shape)[-2:]
    for i in range(rows):
        for j in range(columns):
            in_memory = i < own_rows and j < own_columns
            look = {"fc": "#DCEBF7", "ls": "-"} if in_memory else {"fc": "white", "ls": (0, (3, 2))}
            ax.add_patch(Rectangle((left + j, i), 1, 1, ec=GREY, **look))
            value = tensor.expand(rows, columns)[i, j].item()
            ax.text(left + j + 0.5, i + 0.5, f"{value:g}", ha="center", va="center")


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
