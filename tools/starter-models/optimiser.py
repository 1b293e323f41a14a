"""Muon for the weight matrices, AdamW for everything else, in one optimiser.

Muon replaces each matrix's momentum by the nearest orthogonal matrix (Jordan et al. 2024, with the update scale of
Liu et al. 2025), which needs about half of AdamW's steps on models of this size. Matrices of one shape are handled
together, so that a step costs a few large products.
"""
import torch


def orthogonalise(matrices: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """Newton-Schulz iteration on [n, rows, columns] with rows <= columns, in bfloat16."""
    a, b, c = 3.4445, -4.7750, 2.0315
    current = matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)
    current = current.bfloat16()
    for _ in range(steps):
        gram = current @ current.transpose(1, 2)
        current = a * current + (b * gram + c * gram @ gram) @ current
    return current.float()


class MuonAdam:
    """`matrices`: {name: (parameter, pieces)}, a parameter made of `pieces` stacked matrices; `others`: parameters."""

    def __init__(self, matrices: dict, others: list, weight_decay: float = 0.05, momentum: float = 0.95):
        self.momentum, self.weight_decay = momentum, weight_decay
        self.pieces = []  # (parameter, first row, last row) of the matrix view
        for parameter, count in matrices.values():
            rows = parameter.shape[0] // count
            self.pieces += [(parameter, number * rows, (number + 1) * rows) for number in range(count)]
        self.parameters = [parameter for parameter, _ in matrices.values()]
        self.state = [torch.zeros_like(parameter) for parameter in self.parameters]
        self._slot = {id(parameter): number for number, parameter in enumerate(self.parameters)}
        self.adam = torch.optim.AdamW(others, lr=1e-3, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.0)

    @torch.no_grad()
    def step(self, rate: float):
        """One update with learning rate `rate`; gradients are left as they are."""
        for group in self.adam.param_groups:
            group["lr"] = rate
        self.adam.step()
        updates = []
        for parameter, buffer in zip(self.parameters, self.state):
            gradient = parameter.grad
            buffer.lerp_(gradient, 1 - self.momentum)
            updates.append(gradient.lerp(buffer, self.momentum).flatten(1))
        groups = {}
        for parameter, first, last in self.pieces:
            update = updates[self._slot[id(parameter)]][first:last]
            tall = update.shape[0] > update.shape[1]
            groups.setdefault(tuple(sorted(update.shape)), []).append((parameter, first, last, tall, update.t() if tall else update))
        for shape, members in groups.items():
            directions = orthogonalise(torch.stack([member[4] for member in members]))
            scale = rate * 0.2 * max(shape) ** 0.5
            for (parameter, first, last, tall, _), direction in zip(members, directions):
                target = parameter.flatten(1)[first:last]
                target.mul_(1 - rate * self.weight_decay).sub_(direction.t() if tall else direction, alpha=scale)

    def state_dict(self) -> dict:
        return {"momentum": self.state, "adam": self.adam.state_dict()}

    def load_state_dict(self, state: dict):
        for buffer, saved in zip(self.state, state["momentum"]):
            buffer.copy_(saved)
        self.adam.load_state_dict(state["adam"])


def for_model(model) -> MuonAdam:
    """Muon for every weight of the model's layers and convolutions; embeddings, heads, norms and biases by AdamW."""
    matrices, others = {}, []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if parameter.dim() < 2 or "embedding" in name or "positions" in name or "head" in name:
            others.append(parameter)
        else:
            pieces = 3 if "qkv" in name else 2 if "key_value" in name else 1
            matrices[name] = (parameter, pieces)
    return MuonAdam(matrices, others)
