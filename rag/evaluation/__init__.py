"""How good are answers? Questions with known answers, verdicts, figures, and a report to read.

Not for: how good the list of hits is (that is ``ranker.evaluation``).
"""
