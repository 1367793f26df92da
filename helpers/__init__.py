"""What the notebooks share. Data flows into training, results into plots, both into widgets.

config     every setting of a run, with its range
data       MNIST as tensors, and loaders of whole batches
training   model, optimizer, the loop, and the files of a run
plots      figures with alt text
widgets    sliders, the training panel, the drawing pad
run        a notebook from the command line, its parameters checked
sweep      many runs on many processes or machines
ddp_train  one run on many processes
frameworks the same training in PyTorch and in TensorFlow

Imports go one way, from top to bottom, and importing has no side effects.
"""
