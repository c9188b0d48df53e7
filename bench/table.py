"""The table that `make bench` prints: each number, what it must be, and whether it is."""

AT_MOST = {
    "grade_vs_bare_median": 2.0,
    "grade_vs_bare_median_postgresql": 2.0,
    "grade_growth_median": 1.3,
    "grade_growth_median_postgresql": 1.3,
    "numeric_vs_basic_median": 1.3,
    "render_note_ms": 5.0,
    "grade_queries": 10,
    "grade_queries_postgresql": 10,
    "study_page_kb": 100,
    "math_font_kb": 600,
    "class_page_vs_bare_median": 10,
    "class_page_queries": 25,
    "class_page_growth_queries": 0,
    "gradebook_peak_mb": 50,
    "apkg_import_vs_anki": 8,
    "apkg_export_vs_anki": 8,
    "apkg_import_peak_mb": 256,
}
AT_LEAST = {"grade_vs_bare_throughput": 0.5, "grade_vs_bare_throughput_postgresql": 0.5}


def table(numbers: dict[str, float]) -> str:
    """Return the numbers as lines of text, those with a target first."""
    aimed = [key for key in (*AT_MOST, *AT_LEAST) if key in numbers]
    rest = sorted(numbers.keys() - set(aimed))
    lines = [_line(key, numbers[key], *_verdict(key, numbers[key])) for key in aimed]
    lines += ["", *(_line(key, numbers[key], "", "") for key in rest)]
    return "\n".join([_heading(), *lines, ""])


def _verdict(key: str, value: float) -> tuple[str, str]:
    if key in AT_MOST:
        return f"≤ {AT_MOST[key]:g}", "met" if value <= AT_MOST[key] else "NOT MET"
    return f"≥ {AT_LEAST[key]:g}", "met" if value >= AT_LEAST[key] else "NOT MET"


def _heading() -> str:
    return f"{'':45}{'measured':>12}{'target':>10}"


def _line(key: str, value: float, target: str, verdict: str) -> str:
    return f"{key:45}{value:>12,g}{target:>10}  {verdict}".rstrip()
