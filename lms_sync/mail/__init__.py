"""Mail: messages, the carriers that take them away, and the outbox that remembers what became of each."""
