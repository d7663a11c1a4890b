"""What does a person mean by what they typed?  ->  Understood, one value for stores, encoder, scorer and snippets."""
