"""Answers to G1, L14 and L16."""

import pathlib
import tempfile

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from lmbook.data.images import load_images

FOLDER = tempfile.TemporaryDirectory()
HERE = pathlib.Path(FOLDER.name)

# ------------------------------------------------------------------- G1
# A nearest-neighbour memory is a linear model of its templates, and needs
# no training: the largest of x . t - |t|^2 / 2 is the nearest template.


class Nearest(nn.Module):
    """The class of the nearest training image."""

    def __init__(self):
        super().__init__()
        self.templates = nn.Parameter(torch.zeros(1074, 64))
        self.classes = nn.Parameter(torch.zeros(1074, 10))

    def forward(self, images):
        x = images.flatten(1)
        near = x @ self.templates.T - (self.templates ** 2).sum(1) / 2
        return self.classes[near.argmax(1)]


def trained():
    model = Nearest()
    images, labels = load_images("digits").split("train")
    with torch.no_grad():
        model.templates.copy_(torch.tensor(images).flatten(1))
        model.classes.copy_(F.one_hot(torch.tensor(labels)))
    return model


MODEL = trained()
GRADED = load_images("digits").split("graded")[0]
CLASSES = MODEL(torch.tensor(GRADED)).argmax(1).numpy()
RNG = np.random.default_rng(0)


def stored(name, array):
    np.save(HERE / name, array)
    return HERE / name


def weights(name, thing):
    torch.save(thing, HERE / name)
    return HERE / name


PREDICTIONS = stored("predictions.npy", CLASSES)
WEIGHTS = weights("weights.pt", MODEL.state_dict())
OBJECTS = stored("objects.npy", np.array([None]))
(HERE / "words.npy").write_text("8, 3, 1")
np.savez(HERE / "many.npz", CLASSES)
BAD = np.where(RNG.random(len(CLASSES)) < 0.3,
               (CLASSES + 1) % 10, CLASSES)
FRESH = weights("fresh.pt", Nearest().state_dict())

def with_predictions(predictions):
    return predictions, WEIGHTS, Nearest


def with_weights(file, make=Nearest):
    return PREDICTIONS, file, make


G1_WRONG = [
    (with_predictions(HERE / "none.npy"), "there is no file"),
    (with_predictions(OBJECTS), "pickled objects are never opened"),
    (with_predictions(HERE / "words.npy"), "not a plain .npy file"),
    (with_predictions(HERE / "many.npz"), "an .npz archive"),
    (with_predictions(CLASSES.tolist()), "expected an array or the path"),
    (with_predictions(np.eye(10)[CLASSES]), "take the argmax"),
    (with_predictions(CLASSES.astype(float)), "the dtype is float64"),
    (with_predictions(CLASSES == 1), "the dtype is bool"),
    (with_predictions(CLASSES[:-1]), "expected .191,."),
    (with_predictions(np.zeros(357, int)), "the part 'test'"),
    (with_predictions(CLASSES + 1), "class .10. is out of range"),
    (with_predictions(CLASSES - 1), "class .-1. is out of range"),
    (with_predictions(RNG.permutation(CLASSES)), "the order of the images"),
    (with_predictions(np.sort(CLASSES)), "the order of the images"),
    (with_predictions(np.full(191, 3)), "every image gets class 3"),
    (with_predictions(BAD), "expected at least 95%"),
    (with_weights(HERE / "none.pt"), "weights: there is no file"),
    (with_weights(weights("model.pt", MODEL)), "model.state_dict()"),
    (with_weights(HERE / "words.npy"), "no file of torch.save"),
    (with_weights(FRESH), "of your predictions: save the weights of"),
    (with_weights(weights("list.pt", [1.0])), "they do not fit"),
    (with_weights(WEIGHTS, lambda: nn.Linear(64, 10)), "they do not fit"),
    (with_weights(WEIGHTS, MODEL.state_dict), "return a new nn.Module"),
    (with_weights(WEIGHTS, 3), "pass the function that makes a model"),
]

# ------------------------------------------------------------------ L14


def train_step(model, optimizer, images, labels):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def variant(order, result=lambda loss: loss.item()):
    def step(model, optimizer, images, labels):
        loss = F.cross_entropy(model(images), labels)
        for name in order.split():
            {"zero": optimizer.zero_grad, "backward": loss.backward,
             "step": optimizer.step}[name]()
        return result(loss)
    return step


def late(model, optimizer, images, labels):
    train_step(model, optimizer, images, labels)
    return F.cross_entropy(model(images), labels).item()


# ------------------------------------------------------------------ L16


def accuracy(model, images, labels):
    training = model.training
    model.eval()
    with torch.no_grad():
        right = (model(images).argmax(1) == labels).double().mean()
    model.train(training)
    return right.item()


def stuck(model, images, labels):
    model.eval()
    with torch.no_grad():
        return (model(images).argmax(1) == labels).double().mean().item()


def always_trains(model, images, labels):
    share = stuck(model, images, labels)
    model.train()
    return share


def never_switches(model, images, labels):
    return (model(images).argmax(1) == labels).double().mean().item()


def scaled(factor, offset=0):
    return lambda *a: offset + factor * accuracy(*a)


RIGHT = {
    "G1": [(PREDICTIONS, WEIGHTS, Nearest), (CLASSES, WEIGHTS, Nearest),
           (str(PREDICTIONS), str(WEIGHTS), lambda: Nearest())],
    "L14": [(train_step,), (variant("zero backward step",
                                    lambda loss: loss.detach()),)],
    "L16": [(accuracy,)],
}

WRONG = [("G1", answers, hint) for answers, hint in G1_WRONG] + [
    ("L14", (variant("backward step"),), "gradients of earlier steps"),
    ("L14", (variant("step zero backward"),), "step came before backward"),
    ("L14", (variant("backward zero step"),), "nothing moved"),
    ("L14", (variant("zero backward step step"),), "moved twice"),
    ("L14", (variant("zero backward step", lambda loss: None),),
     "is the return missing"),
    ("L14", (variant("zero backward step", lambda loss: 4 * loss.item()),),
     "not the sum"),
    ("L14", (late,), "the loss before the step"),
    ("L14", (variant("backward backward step"),), "it raised RuntimeError"),
    ("L14", (0.5,), "pass the function itself"),
    ("L16", (stuck,), "was in train mode before, and is in evaluation"),
    ("L16", (always_trains,), "in evaluation mode before, and is in train"),
    ("L16", (never_switches,), "dropout was on while you measured"),
    ("L16", (scaled(100),), "not per cent"),
    ("L16", (scaled(5),), "divide by the number of images"),
    ("L16", (scaled(-1, 1),), "share of wrong answers"),
    ("L16", (lambda *a: 0.8,), "the model was never called"),
    ("L16", (0.8,), "pass the function itself"),
]
