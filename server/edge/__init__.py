"""What holds for every request, whatever it asks for?  ->  plain ASGI middleware, so that streams pass untouched."""
