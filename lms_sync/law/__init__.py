"""The law: topics, series and yearly duties as cited, dated data, and pure rules from credits to standing."""
