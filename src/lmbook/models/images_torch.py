"""A small convolutional classifier of images, and how it is trained.

Randomness (first weights, order of the minibatches, dropout) comes from
PyTorch's own generator: call `torch.manual_seed` first.
"""

import contextlib

import torch
from torch import nn
from torch.nn import functional as F


class ImageClassifier(nn.Module):
    """Two convolutions, each halved by pooling, and a linear layer.

    Shapes: images (B, height, width) to logits (B, classes); height and
    width divisible by 4, the `size` of the images.
    Errors: `ValueError` for another size.

    >>> model = ImageClassifier((8, 8), 10)
    >>> model(torch.zeros(5, 8, 8)).shape
    torch.Size([5, 10])
    """

    def __init__(self, size, classes, channels=(16, 32), dropout=0.25):
        """Draw the first weights, by PyTorch's rule for each layer."""
        super().__init__()
        if size[0] % 4 or size[1] % 4:
            raise ValueError(f"size must be divisible by 4, got {size}")
        first, second = channels
        self.conv1 = nn.Conv2d(1, first, 3, padding=1)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(second * size[0] * size[1] // 16, classes)

    def forward(self, images):
        """Return the logits of a batch."""
        h = images[:, None]                         # (B, 1, H, W)
        h = F.max_pool2d(F.relu(self.conv1(h)), 2)
        h = F.max_pool2d(F.relu(self.conv2(h)), 2)
        return self.output(self.dropout(h.flatten(1)))


def tensors(model, images, labels=None):
    """Return images, of the model's own dtype, and labels, as tensors.

    >>> tensors(nn.Linear(2, 2), [[1, 2]], [0])
    (tensor([[1., 2.]]), tensor([0]))
    """
    dtype = next(model.parameters()).dtype
    pixels = torch.as_tensor(images).to(dtype)
    if labels is None:
        return pixels
    return pixels, torch.as_tensor(labels)


def train_epoch(model, optimizer, images, labels, batch_size=64):
    """Visit every image once, in random minibatches; return the loss.

    The loss is the mean over all images, each measured just before the
    step that its minibatch takes, in nats.

    Shapes: images (N, height, width); labels (N,).

    >>> model = ImageClassifier((4, 4), 2)
    >>> adam = torch.optim.Adam(model.parameters())
    >>> train_epoch(model, adam, torch.rand(9, 4, 4), [0, 1, 1] * 3) > 0
    True
    """
    images, labels = tensors(model, images, labels)
    model.train()
    total = 0.0
    for batch in torch.randperm(len(images)).split(batch_size):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return total / len(images)


@contextlib.contextmanager
def evaluating(model):
    """Evaluation mode and no tape inside the block; then as before.

    Each layer gets back its own mode, also if the block fails.

    >>> model = nn.Sequential(nn.Dropout())
    >>> with evaluating(model):
    ...     model.training
    False
    >>> model.training
    True
    """
    modes = {layer: layer.training for layer in model.modules()}
    if any(modes.values()):
        model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        for layer, mode in modes.items():
            if layer.training != mode:
                layer.training = mode


def predict(model, images):
    """Return the class of each image, as a NumPy array.

    Shapes: images (N, height, width); classes (N,), whole numbers.

    >>> predict(ImageClassifier((4, 4), 2), torch.zeros(3, 4, 4)).shape
    (3,)
    """
    images = tensors(model, images)
    with evaluating(model):
        logits = torch.cat([model(some) for some in images.split(1024)])
    return logits.argmax(1).numpy()


def evaluate(model, images, labels):
    """Return (mean loss in nats, share of right answers).

    Shapes: images (N, height, width); labels (N,).

    >>> model = ImageClassifier((4, 4), 2)
    >>> loss, accuracy = evaluate(model, torch.zeros(2, 4, 4), [0, 1])
    >>> accuracy
    0.5
    """
    images, labels = tensors(model, images, labels)
    with evaluating(model):
        logits = torch.cat([model(some) for some in images.split(1024)])
    right = (logits.argmax(1) == labels).double().mean()
    return F.cross_entropy(logits, labels).item(), right.item()


def fit(model, optimizer, train, dev, *, epochs, batch_size=64):
    """Train, and return the mean losses on train and dev of each epoch.

    `train` and `dev` are pairs (images, labels); dev is only measured.

    Shapes: as `train_epoch`; a list of `epochs` pairs of losses.
    Errors: `ValueError` if the loss is no longer a number.

    >>> model = ImageClassifier((4, 4), 2)
    >>> adam = torch.optim.Adam(model.parameters())
    >>> data = torch.rand(6, 4, 4), [0, 1, 1] * 2
    >>> len(fit(model, adam, data, data, epochs=2))
    2
    """
    losses = []
    for epoch in range(epochs):
        loss = train_epoch(model, optimizer, *train, batch_size)
        if not loss < float("inf"):
            raise ValueError(f"the loss became {loss} in epoch {epoch}:"
                             " try a smaller learning rate")
        losses.append((loss, evaluate(model, *dev)[0]))
    return losses
