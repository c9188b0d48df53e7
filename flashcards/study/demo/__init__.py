"""A class of simulated learners, to look at and to test with: `manage.py seed_demo`."""
