"""The store in one folder: SQLite holds the truth, tantivy and Faiss are derived from it."""
