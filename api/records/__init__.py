"""What routes and pages share about people's records: who may come near, how words are sealed and opened, what is shown."""
