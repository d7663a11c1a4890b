"""What does a graph say of each thing it knows?  ->  Document, Fact. Not for answering questions (see rag)."""
