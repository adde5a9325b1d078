"""Who is who: learners matched to people on the roster, candidates for a person to judge, links and merges."""
