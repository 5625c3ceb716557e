"""The process in which one step of a benchmark runs."""

import sys
from pathlib import Path


def main(name: str, step: str, folder: str) -> None:
    from khet.config.cli import prepare

    prepare()
    from khet.web.bench.measure import report
    from khet.web.bench.works import BENCHMARKS

    benchmark = BENCHMARKS[name]
    if step == "prepare":
        benchmark.prepare(Path(folder))
        return
    print(report(benchmark.run(Path(folder))))


if __name__ == "__main__":
    main(*sys.argv[1:])
