"""The benchmarks by name, in the order in which they run."""

from khet.web.bench import assessments, figures, linkage, loads, pages, warn
from khet.web.bench.measure import Benchmark

BENCHMARKS = {
    benchmark.name: benchmark
    for benchmark in (
        Benchmark(
            "import-csv", "a 30,000-pupil DMC export, csv, with checks and difference",
            loads.first_load("dmc.csv", 10.0), loads.write_exports_and_register, memory_limit_mb=600,
        ),
        Benchmark(
            "import-xlsx", "the same export as xlsx",
            loads.first_load("dmc.xlsx", 15.0), loads.write_exports_and_register, memory_limit_mb=600,
        ),
        Benchmark(
            "reimport", "the same file again", loads.second_load, loads.write_exports_and_load_once, memory_limit_mb=600
        ),
        Benchmark(
            "facts", "facts of one office, three years, a million absences", figures.build_facts, figures.fill_office
        ),
        Benchmark(
            "refresh", "a saved record reaches its indicator, others reading", figures.save_and_read, figures.fill_demo
        ),
        Benchmark(
            "indicators", "all indicators of all schools and groups", figures.all_indicators, figures.fill_demo
        ),
        Benchmark("tile", "one tile over ten million fact rows", figures.tile, figures.write_ten_million),
        Benchmark("plan-page", "the plan page of the demo office", pages.plan_page, figures.fill_demo),
        Benchmark(
            "assessments", "a round of 100 schools, 21 criteria and three reviewers", assessments.overview,
            assessments.fill_round,
        ),
        Benchmark("link", "`khet link` on lists whose truth is known, one configuration", linkage.accuracy),
        Benchmark("link-area", "an area's registration list and its rolls", linkage.area, linkage.write_area),
        Benchmark(
            "link-million", "a province's lists", linkage.large(15.0), linkage.write_people(1_011_000),
            memory_limit_mb=3_000,
        ),
        Benchmark(
            "nation-link", "the nation's lists", linkage.large(60.0), linkage.write_people(8_090_000),
            memory_limit_mb=12_000,
        ),
        Benchmark("warn", "who is foreseen by the early warning, beside its peers", warn.foresee, figures.fill_demo),
        Benchmark("start", "`khet demo` on an installed machine, to its first page", pages.start),
    )
}  # fmt: skip
