"""How do assistants reach it?  ->  an MCP server with search, fetch and ask, over HTTP and by stdio"""
