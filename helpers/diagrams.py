"""Diagrams of what PyTorch does: how shapes are stretched, and how a result was computed."""

import re

from matplotlib.patches import Rectangle

from helpers import plots

SIGNS = {"Add": "+", "Sub": "−", "Mul": "×", "Div": "÷", "Pow": "power", "Mm": "@", "Mv": "@"}


def draw_broadcast(a, b, ax=None):
    """Draw a + b for tensors of up to two axes: both as they are stretched, and the sum.

    Cells that exist in memory are framed with a solid line, repeated ones with a dashed line.
    """
    if ax is None:
        _, ax = plots.subplots(figsize=(7, 2.2))
    total = a + b
    rows, columns = (1, 1, *total.shape)[-2:]
    ax.set_axis_off()
    ax.set(xlim=(-0.1, 3 * columns + 2.1), ylim=(rows + 0.1, -0.7), aspect="equal")
    for block, (tensor, sign) in enumerate(((a, "+"), (b, "="), (total, ""))):
        left, real = block * (columns + 1), tensor.reshape((1,) * (2 - tensor.dim()) + tensor.shape)
        for i in range(rows):
            for j in range(columns):
                there = i < real.shape[0] and j < real.shape[1]
                look = {"fc": "#DCEBF7", "ls": "-"} if there else {"fc": "white", "ls": (0, (3, 2))}
                ax.add_patch(Rectangle((left + j, i), 1, 1, ec=plots.GREY, **look))
                value = tensor.expand(rows, columns)[i, j].item()
                ax.text(left + j + 0.5, i + 0.5, f"{value:g}", ha="center", va="center")
        ax.text(left + columns / 2, -0.3, f"{tuple(tensor.shape)}", ha="center")
        ax.text(left + columns + 0.5, rows / 2, sign, ha="center", va="center", fontsize=14)
    shapes = f"{tuple(a.shape)} plus {tuple(b.shape)} gives {tuple(total.shape)}"
    return plots.describe(ax, f"{shapes}: the smaller axes are repeated, dashed, to fit.")


def draw_graph(output, tensors, ax=None):
    """Draw the graph that autograd recorded behind `output`, inputs left and output right.

    `tensors` maps names to scalar tensors of the graph; their value and gradient are written in.
    Inputs are blue boxes, operations are round. Call it after `backward`; for gradients of
    intermediate tensors call `retain_grad` on them before.
    """
    if ax is None:
        _, ax = plots.subplots(figsize=(8.5, 2.6))
    ax.set_axis_off()
    depths, edges = walk(output.grad_fn)
    names = {node_of(tensor): name for name, tensor in tensors.items()}
    places, boxes, told = {}, {}, []
    for depth in range(max(depths.values()) + 1):
        layer = [node for node in depths if depths[node] == depth]
        for i, node in enumerate(layer):
            places[node] = (-depth, (len(layer) - 1) / 2 - i)
    for node, place in places.items():
        kind = re.sub(r"Backward\d+$", "", node.name())
        leaf = hasattr(node, "variable")
        lines = [] if leaf else [SIGNS.get(kind, kind.lower())]
        if name := names.get(node):
            tensor = tensors[name]
            lines.append(f"{name} = {tensor.item():.4g}")
            lines += [] if tensor.grad is None else [f"grad {tensor.grad.item():.4g}"]
            told.append(" ".join(lines))
        look = {"boxstyle": "round4,pad=0.5", "fc": "white", "ec": plots.ORANGE}
        if leaf:
            look = {"boxstyle": "square,pad=0.5", "fc": "#DCEBF7", "ec": plots.BLUE}
        text = "\n".join(lines).replace("-", "−")
        drawn = ax.text(*place, text, ha="center", va="center", bbox=look)
        boxes[node] = drawn.get_bbox_patch()
    for start, end in edges:
        ends = {"patchA": boxes[start], "patchB": boxes[end], "shrinkA": 0, "shrinkB": 0}
        arrow = {"arrowstyle": "-|>", "color": plots.GREY} | ends
        ax.annotate("", places[end], places[start], arrowprops=arrow)
    ax.set(xlim=(-max(depths.values()) - 0.5, 0.5))
    heights = [height for _, height in places.values()]
    ax.set(ylim=(min(heights) - 0.5, max(heights) + 0.5))
    return plots.describe(ax, f"Computation graph, input to output: {'; '.join(told[::-1])}.")


def node_of(tensor):
    """The graph's node that stands for this tensor: its grad_fn, or a leaf's accumulator."""
    return tensor.grad_fn or tensor.view_as(tensor).grad_fn.next_functions[0][0]


def walk(node):
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
