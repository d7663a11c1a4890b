"""What do the worker processes of one server have in common?  ->  files in a folder that ends with the server"""
