"""The state of the mock in a file: read when it starts, written before a change is answered."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conformance.errors import BadValue, UnusableState
from conformance.mock.ionq import records
from conformance.mock.ionq.changes import Changes
from conformance.mock.ionq.tenants import TENANTS
from conformance.mock.ionq.world import World
from conformance.mock.statefile import Batch, Row, StateFile


class Remembering:
    """Keeps a file and a world the same.

    The file also holds the seed, for identifiers and samples follow from it, and how fast the
    clock went: time goes on while the mock is down, so that nothing that was seen is undone.
    """

    def __init__(self, path: Path, world: World) -> None:
        """Open `path` and fill `world` from it.

        Raises:
            UnusableState: The file is no such file, broken, or in use.
            BadValue: It was made with another seed.
        """
        self._file = StateFile(path)
        self._world = world
        self._owners = {tenant.name: index for index, tenant in enumerate(TENANTS)}
        self._path = path
        try:
            self._restore()
        except BaseException:
            self._file.close()
            raise
        world.changes = Changes(moved=True)
        self.save()

    def save(self) -> None:
        """Write what has changed; when this returns it outlives the process.

        Raises:
            UnusableState: The file cannot be written; what has changed is tried again later.
        """
        world = self._world
        with world.lock:
            changes = world.changes
            if not changes:
                return
            self._file.write(
                Batch(rows=[*self._rows(changes)], facts=self._facts(), afresh=changes.everything)
            )
            world.changes = Changes()

    def close(self) -> None:
        """Write what is left and close the file."""
        with self._world.lock:
            if self._world.changes is not None:
                self._world.changes.moved = True
                self.save()
                self._world.changes = None
                self._file.close()

    def _rows(self, changes: Changes) -> Iterator[Row]:
        for job in changes.forgotten_jobs.values():
            yield Row("jobs", self._owners[job.tenant.name], job.number)
        for session in changes.forgotten_sessions.values():
            yield Row("sessions", self._owners[session.tenant.name], session.number)
        for job in changes.jobs.values():
            record = records.job_record(job)
            yield Row("jobs", self._owners[job.tenant.name], job.number, record)
        for session in changes.sessions.values():
            record = records.session_record(session)
            yield Row("sessions", self._owners[session.tenant.name], session.number, record)
        for job, spent in changes.spent:
            record = records.spent_record(spent)
            yield Row("spent", self._owners[job.tenant.name], job.number, record)

    def _facts(self) -> dict[str, Any]:
        world = self._world
        return {
            "seed": world.seed,
            "named": world.named,
            "submitted": {name: room.submitted for name, room in world.rooms.items()},
            "opened": {name: room.opened for name, room in world.rooms.items()},
            "clock": {"now": world.clock.now(), "speed": world.clock.speed, "wall": time.time()},
        }

    def _restore(self) -> None:
        facts = self._file.facts()
        if not facts:
            return
        try:
            self._check_seed(facts["seed"])
            self._fill(facts)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as problem:
            seen = f"a record that cannot be read ({type(problem).__name__}: {problem})"
            raise UnusableState(str(self._path), "the state of a mock", seen) from problem

    def _check_seed(self, seed: int) -> None:
        if seed != self._world.seed:
            repair = f"{self._path} was made with seed {seed}; name that, or another file."
            seen = str(self._world.seed)
            raise BadValue(where="seed", expected=str(seed), seen=seen, repair=repair)

    def _fill(self, facts: Mapping[str, Any]) -> None:
        world = self._world
        keep, world.keep = world.keep, None  # until it is known what time it is
        by_name = {tenant.name: tenant for tenant in TENANTS}
        for row in self._file.rows("sessions"):
            ender = by_name.get(row.record["ender"])
            session = records.restored_session(
                row.record, row.number, TENANTS[row.owner], ender, world
            )
            world.add_session(session)
        for row in self._file.rows("jobs"):
            job = records.restored_job(row.record, TENANTS[row.owner], world)
            world.add_job(job)
            if job.session_id in world.sessions:
                world.sessions[job.session_id].admit(job)
        for row in self._file.rows("spent"):
            world.room(TENANTS[row.owner]).bill(records.restored_spent(row.record))
        world.named = facts["named"]
        for name, tenant in by_name.items():
            room = world.room(tenant)
            room.submitted = facts["submitted"].get(name, 0)
            room.opened = facts["opened"].get(name, 0)
        self._set_clock(facts["clock"])
        world.keep = keep

    def _set_clock(self, told: Mapping[str, float]) -> None:
        clock = self._world.clock
        moment = told["now"] + max(0.0, time.time() - told["wall"]) * told["speed"]
        clock.advance(max(0.0, moment - clock.now()))
        if clock.speed == 0:  # an instant clock has shown every job that was read as ended
            for room in self._world.rooms.values():
                clock.await_moment(room.ends)
