"""Walks of a suite, several at a time: each with its own conversation, seed and history."""

from __future__ import annotations

import hashlib
import random
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from conformance.engine.judging import Judging
from conformance.engine.options import Options
from conformance.engine.target import Stopped, Target
from conformance.lifecycle import Conversation, Forbidden, Stop, Walk
from conformance.model import Credential, Specification
from conformance.providers import Provider

_IMPATIENT = 0.3
_SLOW = 0.02
"""Seconds for the quickest answer, from which on a run waits more than it works."""
_MOST_SIDE_BY_SIDE = 4
"""By how much the number of scenarios side by side may grow on a slow target."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """What all walks of a run share."""

    options: Options
    specification: Specification
    provider: Provider
    target: Target
    judging: Judging
    owned: bool
    """Whether the target is loopback, and so ours to exercise."""
    on_note: Callable[[str, str], None]
    patience: float = field(default=0.0)
    broken: list[str] = field(default_factory=list)
    """Walks that a defect of ours ended."""

    @property
    def width(self) -> int:
        """How many scenarios to play side by side: more where answers take their time.

        A target that limits how often it is asked, and one that is not ours, gets no more
        than was allowed.
        """
        limited = not self.owned or self.options.limits.rate is not None
        factor = 1.0 if limited else self.target.quickest / _SLOW
        return round(self.options.workers * min(max(factor, 1.0), _MOST_SIDE_BY_SIDE))

    def play_all(self, walks: Sequence[Walk]) -> None:
        """Play `walks`, some at a time, and judge each one's history."""
        self.patience = self.options.patience
        with ThreadPoolExecutor(max_workers=self.width) as pool:
            for future in [pool.submit(self.play, walk) for walk in walks]:
                future.result()

    def play(self, walk: Walk) -> None:
        """Play one walk to its end, or to where it cannot go on, and judge it."""
        talk = self.conversation(walk)
        try:
            walk.run(talk)
        except Forbidden:
            pass  # the target keeps count of what must not be sent
        except Stop as reason:
            self.on_note(walk.suite, f"{walk.name} stopped early: {reason}")
            if "did not end" in str(reason):
                self.patience = min(self.patience, _IMPATIENT)
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - one walk's defect must not end the run
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{error!r} in {Path(place.filename).name}, line {place.lineno}"
            self.on_note(walk.suite, f"{walk.name} broke off, a defect of qconform: {what}")
            self.broken.append(walk.name)
        finally:
            self.judging.history(talk.history)

    def conversation(self, walk: Walk) -> Conversation:
        """Return the conversation that `walk` is to hold; its seed is its own."""
        return Conversation(
            name=walk.name,
            suite=walk.suite,
            specification=self.specification,
            lenient=self.judging.contract.lenient,
            provider=self.provider,
            send=self.target.send,
            random=random.Random(seed_of(self.options.seed, walk.suite, walk.name)),  # noqa: S311 - cases, not secrets
            patience=self.patience,
            owns_target=self.owned,
            has_second_key=bool(self.options.second_key),
            scopes={
                Credential.FIRST: self.provider.scope(self.options.key),
                Credential.SECOND: self.provider.scope(self.options.second_key),
            },
            objections=self.judging.unseen,
        )


def seed_of(run: int, *names: str) -> int:
    """Return the seed of one scenario, a function of the run's seed and the scenario's names."""
    text = "\x1f".join((str(run), *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
