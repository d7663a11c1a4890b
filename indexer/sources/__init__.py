"""Which memories other than pages are indexed: tables, graphs, key-value stores?  ->  Document"""
