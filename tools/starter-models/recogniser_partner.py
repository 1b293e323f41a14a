"""Processes beside the training: one makes batches, one more computes gradients."""
import copy
from pathlib import Path

import torch
import torch.multiprocessing as multiprocessing

from recogniser_batches import Batch, Batches, Texts
from recogniser_data import Corpus
from recogniser_loss import gradients


class Feeder:
    """Makes batches in a process of its own. `padded_share.value` may be changed at any time."""

    def __init__(self, folder: Path, texts: Texts, seed: int):
        self.queue = multiprocessing.Queue(maxsize=6)
        self.padded_share = multiprocessing.Value("d", 0.05)
        self.process = multiprocessing.Process(target=self._run, args=(folder, texts, seed), daemon=True)
        self.process.start()

    def _run(self, folder, texts, seed):
        torch.set_num_threads(1)
        batches, parts = None, 0
        while True:
            # Parts that were added meanwhile join at the next round through the corpus.
            if batches is None or (not batches.waiting and len(list(folder.glob("*.json"))) > parts):
                parts = len(list(folder.glob("*.json")))
                batches = Batches(Corpus(folder), texts, seed + parts)
            self.queue.put(tuple(vars(batches.next(padded_share=self.padded_share.value)).values()))

    def next(self) -> Batch:
        return Batch(*self.queue.get())


class Partner:
    """A second process that computes gradients on batches of its own, up to one step behind.

    It never waits for the first process's batch nor the first for its: with other work on the machine, two
    processes in lockstep would run at the pace of whichever is held up.
    """

    def __init__(self, model, feeder: Feeder):
        self.weights = [parameter.detach().clone().share_memory_() for parameter in model.parameters()]
        self.gradients = [torch.zeros_like(weight).share_memory_() for weight in self.weights]
        self.progress = torch.zeros(2).share_memory_()  # part of the training that has passed, step
        self.ready, self.wanted = multiprocessing.Event(), multiprocessing.Event()
        self.process = multiprocessing.Process(target=self._run, args=(copy.deepcopy(model), feeder), daemon=True)
        self.process.start()

    def _run(self, model, feeder):
        torch.set_num_threads(1)
        while True:
            self.wanted.wait()
            self.wanted.clear()
            with torch.no_grad():
                for parameter, weight in zip(model.parameters(), self.weights):
                    parameter.copy_(weight)
            gradients(model, feeder.next(), float(self.progress[0]), int(self.progress[1]))
            for parameter, gradient in zip(model.parameters(), self.gradients):
                gradient.copy_(parameter.grad)
            self.ready.set()

    @torch.no_grad()
    def ask(self, model, part: float, step: int) -> None:
        """Hands it the present weights for its next batch."""
        for weight, parameter in zip(self.weights, model.parameters()):
            weight.copy_(parameter)
        self.progress[0], self.progress[1] = part, step
        self.wanted.set()

    @torch.no_grad()
    def join(self, model) -> bool:
        """Averages its gradients into the model's, if it has new ones; True if it waits for `ask` again."""
        if not self.ready.is_set():
            return False
        self.ready.clear()
        if all(bool(torch.isfinite(gradient).all()) for gradient in self.gradients):
            for parameter, gradient in zip(model.parameters(), self.gradients):
                parameter.grad.add_(gradient).mul_(0.5)
        return True
