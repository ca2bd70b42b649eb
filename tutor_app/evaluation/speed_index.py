"""How fast a course is indexed: in batches, against embedding and adding one by one."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tutor_app.domain.passage import Passage
from tutor_app.retrieval.embedder import SentenceEmbedder
from tutor_app.retrieval.index import WRITE_BATCH, OnProgress, SearchIndex


@dataclass(frozen=True)
class IndexingSpeed:
    """One benchmark run.

    Attributes:
        passages: how many were indexed each time.
        batched_s: wall time in batches, on all cores: one batch per core at a time.
        one_by_one_s: wall time of embedding and adding each passage alone, hence on one core.
        batched_cpu_s: CPU time in batches, all cores together.
        one_by_one_cpu_s: CPU time one by one.
        cores: how many cores there were.
        peak_half_mib: resident memory at its highest while half of the passages were indexed.
        peak_mib: the same while all of them were indexed.
    """

    passages: int
    batched_s: float
    one_by_one_s: float
    batched_cpu_s: float
    one_by_one_cpu_s: float
    cores: int
    peak_half_mib: float
    peak_mib: float

    @property
    def ratio(self) -> float:
        """How many times faster the batches are."""
        return self.one_by_one_s / self.batched_s

    @property
    def growth_mib(self) -> float:
        """Memory that twice as many passages cost; near 0 when memory is flat."""
        return self.peak_mib - self.peak_half_mib

    def __str__(self) -> str:
        """Say it in two lines."""
        return (
            f"{self.passages} passages: {self.batched_s:.1f} s in batches on {self.cores} cores, "
            f"{self.one_by_one_s:.1f} s one by one: {self.ratio:.2f} times faster "
            f"(CPU {self.batched_cpu_s:.1f} s and {self.one_by_one_cpu_s:.1f} s)\n"
            f"memory at most {self.peak_mib:.0f} MiB; {self.growth_mib:+.0f} MiB against half as "
            "many passages"
        )


def measure_indexing(
    embedder: SentenceEmbedder, passages: Sequence[Passage], on_progress: OnProgress | None = None
) -> IndexingSpeed:
    """Index the same passages both ways, into temporary folders.

    Args:
        embedder: the encoder; it is warmed up first.
        passages: of one course, at least a few dozen.
        on_progress: called with (passages done, passages to do) over all runs.
    """
    embedder.warm_up()
    course_id = passages[0].course_id
    half = passages[::2]
    total = len(half) + 2 * len(passages)
    process = psutil.Process()
    before = 0
    peak = 0.0

    def index(chosen: Sequence[Passage], batch_size: int) -> tuple[float, float]:
        nonlocal before, peak

        def progress(done: int, _: int) -> None:
            nonlocal peak
            peak = max(peak, process.memory_info().rss / 2**20)
            if on_progress:
                on_progress(before + done, total)

        with TemporaryDirectory() as folder:
            search_index = SearchIndex(embedder, Path(folder))
            wall, cpu = time.perf_counter(), time.process_time()
            search_index.index_passages(course_id, chosen, progress, batch_size)
            spent = time.perf_counter() - wall, time.process_time() - cpu
            search_index.close()
        before += len(chosen)
        return spent

    index(half, WRITE_BATCH)
    peak_half = peak
    batched, batched_cpu = index(passages, WRITE_BATCH)
    peak_all = peak
    alone, alone_cpu = index(passages, 1)
    return IndexingSpeed(
        passages=len(passages),
        batched_s=batched,
        one_by_one_s=alone,
        batched_cpu_s=batched_cpu,
        one_by_one_cpu_s=alone_cpu,
        cores=os.cpu_count() or 1,
        peak_half_mib=peak_half,
        peak_mib=peak_all,
    )
