"""The checks of the chapter on PyTorch: G1, L14 and L16."""

import numpy as np

from ..data.images import graded_labels, load_images
from .registry import NotYet, exercise, expect, require

PASS = {"digits": 0.95, "fashion-mnist": 0.90}      # of the graded part


def score_predictions(predictions, name="digits"):
    """Return the share of graded images that got the right class.

    `predictions` is an array, or the path of an `.npy` file that holds
    one: the class of each image of the graded part, in their order.

    Shapes: (number of graded images,), whole numbers from 0.
    Errors: `NotYet` that names the mistake: no such file, pickled
    objects, scores for classes, another type, length, range or order.

    >>> score_predictions(np.zeros(191, int)) < 0.2
    Traceback (most recent call last):
    lmbook.checks.registry.NotYet: predictions: every image gets class 0
    """
    right = graded_labels(name)
    got = _class_numbers(predictions, name, len(right))
    share = float((got == right).mean())
    require(len(set(got.tolist())) > 1,
            f"predictions: every image gets class {got[0]}")
    size = len(load_images(name).classes)
    counts = [np.bincount(a, minlength=size) for a in (got, right)]
    require(share > 0.5 or np.minimum(*counts).sum() < 0.85 * len(right),
            f"predictions: only {share:.1%} are right, although each class"
            " comes about as often as it should: the order of the images is"
            " lost; do not shuffle or sort when you predict")
    return share


def _class_numbers(predictions, name, length):
    """Return the predictions as class numbers, or name the mistake."""
    got = _array(predictions)
    data = load_images(name)
    require(got.ndim < 2, f"predictions: the shape is {got.shape}, expected"
            f" ({length},): take the argmax of the scores of each image")
    require(np.issubdtype(got.dtype, np.integer),
            f"predictions: the dtype is {got.dtype}, expected whole"
            " numbers, such as int64")
    other = [part for part in ("train", "dev", "test")
             if got.shape == (len(data.split(part)[0]),)]
    require(not other, f"predictions: {got.size} of them, as many as the"
            f" part {(other or [''])[0]!r} has: predict the {length} images"
            " of the part 'graded'")
    require(got.shape == (length,), f"predictions: the shape is"
            f" {got.shape}, expected ({length},), one class for each image")
    top = len(data.classes) - 1
    outside = got[(got < 0) | (got > top)]
    require(not outside.size, f"predictions: class {outside[:1].tolist()}"
            f" is out of range: classes are counted from 0 to {top}")
    return got


def _array(source):
    """Return an array, read from an `.npy` file if it is a path."""
    if isinstance(source, np.ndarray):
        return source
    require(hasattr(source, "__fspath__") or isinstance(source, str),
            "predictions: expected an array or the path of an .npy file,"
            f" got {type(source).__name__}")
    try:
        found = np.load(source, allow_pickle=False)
    except FileNotFoundError:
        raise NotYet(f"predictions: there is no file {source}") from None
    except (ValueError, EOFError, OSError) as error:
        raise NotYet("predictions: not a plain .npy file of numbers, and"
                     " pickled objects are never opened: np.save an array"
                     " of class numbers") from error
    require(isinstance(found, np.ndarray), "predictions: this is an .npz"
            " archive; np.save writes one array to an .npy file")
    return found


@exercise("G1", "predictions and weights of a classifier of digits")
def g1(predictions, weights, make_model, name="digits"):
    """Check predictions of the graded part, saved weights, and a model.

    `make_model()` returns a new model; with the weights in it, it must
    predict what the predictions say.
    """
    share = score_predictions(predictions, name)
    require(share >= PASS[name], f"{share:.1%} of the graded images are"
            f" right, expected at least {PASS[name]:.0%}: train longer, or"
            " with another learning rate")
    from . import classifier_torch
    images, _ = load_images(name).split("graded")
    again = classifier_torch.reloaded(weights, make_model, images)
    same = float((again == _array(predictions)).mean())
    require(same > 0.995, f"with the saved weights the model gives"
            f" {same:.1%} of your predictions: save the weights of the"
            " model that predicted, after training, and predict in"
            " evaluation mode")


@exercise("L14", "each step sees the gradient of its own minibatch")
def l14(train_step):
    """Check (model, optimizer, images, labels) -> loss, and its step."""
    from . import classifier_torch
    got, right, mistakes = classifier_torch.three_steps(train_step)
    expect(got["loss"], right["loss"], "the loss of the first step", {
        "return the loss before the step": mistakes.pop("late"),
        "the mean over the minibatch, not the sum": 4 * right["loss"]})
    expect(got["weights"], right["weights"],
           "the weights after each of three steps", mistakes)


@exercise("L16", "evaluation leaves the model in the mode it was in")
def l16(accuracy):
    """Check (model, images, labels) -> accuracy, and the modes after."""
    from . import classifier_torch
    for training in (True, False):
        got, right, seen, after = classifier_torch.measured(
            accuracy, training)
        require(not any(seen), "dropout was on while you measured: call"
                " model.eval() first")
        expect(got, right, "the accuracy", {
            "a share between 0 and 1, not per cent": 100 * right,
            "this is a count: divide by the number of images": 5 * right,
            "this is the share of wrong answers": 1 - right})
        before, now = (("train", "evaluation") if training
                       else ("evaluation", "train"))
        require(after == training, f"the model was in {before} mode before,"
                f" and is in {now} mode now: remember model.training, and"
                " put it back")
