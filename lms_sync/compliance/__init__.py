"""Evidence judged by the map and the law: credits, standings, gaps, and what a change of the map would do."""
