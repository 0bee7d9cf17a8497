"""What PyTorch says about the exercises on the image classifier."""

import pickle

import torch
from torch import nn
from torch.nn import functional as F

from .registry import NotYet, require


def reloaded(weights, make_model, images):
    """Return the classes that a new model with these weights predicts.

    Shapes: images (N, height, width); classes (N,), a NumPy array.
    Errors: `NotYet` for a file that holds more than tensors, or weights
    that do not fit the model.
    """
    require(callable(make_model), "pass the function that makes a model,"
            f" or its class: got {type(make_model).__name__}")
    try:
        state = torch.load(weights, weights_only=True)
    except FileNotFoundError:
        raise NotYet(f"weights: there is no file {weights}") from None
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise NotYet("weights: the file holds more than tensors, or is no"
                     " file of torch.save: save model.state_dict(), not the"
                     " model") from error
    model = make_model()
    require(isinstance(model, nn.Module), "make_model() must return a new"
            f" nn.Module, got {type(model).__name__}")
    try:
        model.load_state_dict(state)
    except (RuntimeError, TypeError, AttributeError) as error:
        raise NotYet(f"weights: they do not fit the model: {error}") from None
    model.eval()
    with torch.no_grad():
        dtype = next(model.parameters()).dtype
        logits = model(torch.as_tensor(images).to(dtype))
    return logits.argmax(1).numpy()


def three_steps(train_step):
    """Return (what train_step did, what is right, what mistakes do).

    Each holds the weights (C, D) after three steps on three minibatches.
    """
    require(callable(train_step), "pass the function itself, without"
            f" calling it: got {type(train_step).__name__}")
    order = {"the gradients of earlier steps are still in it: call"
             " optimizer.zero_grad() before backward": "backward step",
             "the step came before backward, so it used the gradient of"
             " the minibatch before": "step zero backward",
             "nothing moved: zero_grad must not come between backward and"
             " step": "backward zero step",
             "it went uphill or moved twice: one step for each minibatch":
                 "zero backward step step"}
    mistakes = {hint: _run(_steps(how))["weights"]
                for hint, how in order.items()}
    right = _run(_steps("zero backward step"))
    mistakes["late"] = _run(_steps("zero backward step late"))["loss"]
    return _run(train_step), right, mistakes


def _steps(how):
    """Return a train_step that does these things in this order."""
    def train_step(model, optimizer, images, labels):
        loss = F.cross_entropy(model(images), labels)
        for name in how.split():
            if name == "late":
                return F.cross_entropy(model(images), labels).item()
            {"zero": optimizer.zero_grad, "backward": loss.backward,
             "step": optimizer.step}[name]()
        return loss.item()
    return train_step


def _run(train_step):
    """Take three steps from the same start; return loss and weights."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(3, 4, 5, generator=generator, dtype=torch.float64)
    labels = torch.tensor([[0, 1, 2, 0], [1, 1, 2, 0], [2, 2, 0, 1]])
    model = nn.Linear(5, 3, dtype=torch.float64)
    nn.init.zeros_(model.bias)
    with torch.no_grad():
        model.weight.copy_(torch.arange(15.0).reshape(3, 5) / 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    losses, weights = [], []
    for some, classes in zip(images, labels):
        losses.append(_called(train_step, model, optimizer, some, classes))
        weights.append(model.weight.detach().numpy().copy())
    return {"loss": losses[0], "weights": weights}


def measured(accuracy, training):
    """Return (accuracy, the right one, modes of dropout, mode after)."""
    require(callable(accuracy), "pass the function itself, without"
            f" calling it: got {type(accuracy).__name__}")
    model = nn.Sequential(nn.Dropout(0.0), nn.Identity())
    seen = []
    model[0].register_forward_hook(
        lambda layer, *_: seen.append(layer.training))
    model.train(training)
    scores = torch.eye(3, dtype=torch.float64)[[0, 1, 2, 2, 1]]
    labels = torch.tensor([0, 1, 2, 2, 0])              # four of five
    got = _called(accuracy, model, scores, labels)
    require(seen, "the model was never called")
    return got, 0.8, seen, model.training


def _called(function, *arguments):
    """Return a number of the reader's function, or why there is none."""
    try:
        got = function(*arguments)
    except Exception as error:
        raise NotYet(f"it raised {type(error).__name__}: {error}") from error
    require(got is not None, "it returned None: is the return missing?")
    return got.item() if isinstance(got, torch.Tensor) else got
