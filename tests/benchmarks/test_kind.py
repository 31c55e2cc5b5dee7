"""What a benchmark began does not outlive it."""

import subprocess
import sys

_BENCHMARK = """
import time
from tests.benchmarks.kind import kind
werk = kind(time.sleep, 600)
werk.start()
print("begonnen", flush=True)
werk.join()
"""


def test_what_a_benchmark_began_ends_when_the_benchmark_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _BENCHMARK], stdout=subprocess.PIPE, text=True) as benchmark:
        assert benchmark.stdout is not None
        assert benchmark.stdout.readline() == "begonnen\n"
        benchmark.kill()
        assert benchmark.communicate(timeout=60)[0] == ""  # whoever lives on keeps the other end open
