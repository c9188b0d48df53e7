"""What the site costs, measured: `make bench`, see docs/bench.md."""
