"""How do documents that programs push reach the index?  ->  kept in a file first, then indexed by whoever may write"""
